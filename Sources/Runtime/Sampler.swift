import Dispatch
import Engine
import Logging
import Synchronization
import Workflow

/// Keeps how all jobs stand, as long as this host leads: one short statement every few seconds. A thread of its own, since samples must
/// not wait for the other chores of the leader.
final class Sampler: Sendable {
  private let engine: Engine
  private let host: Int64
  private let settings: MetricsSettings
  private let logger: Logger
  private let isStopping = Atomic(false)
  private let signal = DispatchSemaphore(value: 0)
  private let hasEnded = DispatchSemaphore(value: 0)

  init(engine: Engine, host: Int64, settings: MetricsSettings, logger: Logger) {
    self.engine = engine
    self.host = host
    self.settings = settings
    self.logger = logger
  }

  /// Samples until `stop()`. Blocks its thread.
  func work() {
    var due = ContinuousClock.now
    while !isStopping.load(ordering: .relaxed), settings.isEnabled {
      do {
        try sample()
      } catch {
        logger.warning("\(settings.logPrefix) Cannot sample", metadata: ["error": "\(String(reflecting: error))"])
      }
      // a sample that was late is not followed by several at once
      due = max(due + settings.sampleInterval, .now)
      _ = signal.wait(timeout: .now() + .nanoseconds(Int((due - .now) / .nanoseconds(1))))
    }
    hasEnded.signal()
  }

  /// Returns when the sample in hand is done.
  func stop() {
    isStopping.store(true, ordering: .relaxed)
    signal.signal()
    hasEnded.wait()
  }

  private func sample() throws {
    guard try engine.leader.lead(host) != nil else { return }
    let start = ContinuousClock.now
    let stages = try engine.metrics.sample(settings)
    guard settings.isDebugging else { return }
    let took = (ContinuousClock.now - start) / .milliseconds(1)
    logger.info(
      "\(settings.logPrefix) Sampled", metadata: ["stages": "\(stages)", "duration.ms": "\((took * 10).rounded() / 10)"])
  }
}
