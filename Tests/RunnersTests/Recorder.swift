import Glibc
import Runners
import Synchronization

/// Keeps what a pool reports, and lets a test wait for it.
final class Recorder: RunnerDelegate {
  struct State {
    var outcomes: [Outcome] = []
    var lines: [LogLine] = []
    var failures: [String] = []
    var chunks: [EmittedChunk] = []
    var calls: [ServiceCall] = []
  }

  private let state = Mutex(State())
  private let answer: @Sendable (ServiceCall) -> Bool
  private let creditsChunks: Bool

  /// - Parameter answer: answers a call and returns true, or false to keep it in `calls`.
  init(creditsChunks: Bool = true, answer: @escaping @Sendable (ServiceCall) -> Bool = { _ in false }) {
    self.creditsChunks = creditsChunks
    self.answer = answer
  }

  var outcomes: [Outcome] { state.withLock { $0.outcomes } }
  var lines: [LogLine] { state.withLock { $0.lines } }
  var failures: [String] { state.withLock { $0.failures } }
  var chunks: [EmittedChunk] { state.withLock { $0.chunks } }

  func takeCall() -> ServiceCall? { state.withLock { $0.calls.popLast() } }

  /// Waits until `condition` holds; false after a minute. The condition is looked at whenever something was reported.
  func wait(until condition: (borrowing State) -> Bool) -> Bool {
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
      if state.withLock({ condition($0) }) { return true }
      var limit = timespec()
      clock_gettime(CLOCK_REALTIME, &limit)
      limit.tv_sec += 1
      sem_timedwait(event, &limit)
    }
    return false
  }

  func outcomes(_ batch: [Outcome]) {
    state.withLock { $0.outcomes += batch }
    sem_post(event)
  }

  func call(_ call: ServiceCall) {
    if answer(call) { return }
    state.withLock { $0.calls.append(call) }
    sem_post(event)
  }

  func emitted(_ chunk: EmittedChunk) {
    state.withLock { $0.chunks.append(chunk) }
    if creditsChunks { chunk.credit() }
    sem_post(event)
  }

  func logged(_ line: LogLine) {
    state.withLock { $0.lines.append(line) }
    sem_post(event)
  }

  func startFailed(_ build: RunnerBuild, message: String, delay: Duration) {
    state.withLock { $0.failures.append(message) }
    sem_post(event)
  }

  private nonisolated(unsafe) let event = {  // a semaphore is made for many threads
    let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
    return semaphore
  }()

  deinit {
    sem_destroy(event)
    event.deallocate()
  }
}
