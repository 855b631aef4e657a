internal import Synchronization

/// Calls one handler in a runner of its own: `weir run`.
public enum OneTask {
  /// Blocks until the task's outcome is there and the runner is gone; `delegate` hears everything else.
  ///
  /// - Throws: `.scratchUnusable`, `.systemRefused`.
  public static func call(
    _ task: TaskCall, build: RunnerBuild, configuration: RunnerConfiguration, delegate: any RunnerDelegate
  ) throws(RunnersError) -> Outcome {
    let listener = FirstOutcome(delegate)
    let pool = try RunnerPool(slots: 1, configuration: configuration, delegate: listener)
    pool.submit([task], build: build)
    let outcome = listener.wait()
    pool.stop(grace: configuration.grace)
    return outcome
  }
}

/// Keeps the first outcome, and passes on everything else.
private final class FirstOutcome: RunnerDelegate {
  private let next: any RunnerDelegate
  private let outcome = Mutex<Outcome?>(nil)
  private let isThere = Signal()

  init(_ next: any RunnerDelegate) {
    self.next = next
  }

  func wait() -> Outcome {
    while true {
      isThere.wait()
      if let outcome = outcome.withLock({ $0 }) { return outcome }
    }
  }

  func outcomes(_ batch: [Outcome]) {
    guard let first = batch.first else { return }
    outcome.withLock { $0 = $0 ?? first }
    isThere.raise()
    next.outcomes(batch)
  }

  func call(_ call: ServiceCall) { next.call(call) }
  func emitted(_ chunk: EmittedChunk) { next.emitted(chunk) }
  func logged(_ line: LogLine) { next.logged(line) }
  func progressed(token: Int64, done: UInt64, total: UInt64, note: String?) {
    next.progressed(token: token, done: done, total: total, note: note)
  }
  func startFailed(_ build: RunnerBuild, message: String, delay: Duration) {
    next.startFailed(build, message: message, delay: delay)
  }
}
