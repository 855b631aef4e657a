import Dispatch
import Engine
import Logging
import Synchronization

/// What one host does for all, as long as this one leads: fires schedules and triggers, and removes jobs that were kept long enough, bit by bit. A thread of its own, since
/// removing a large job takes minutes and the other chores must not wait.
final class LeaderChores: Sendable {
  private static let pause: DispatchTimeInterval = .seconds(2)
  /// Turns without work between two looks for jobs to remove.
  private static let retireEvery = 10

  private let engine: Engine
  private let host: Int64
  private let retention: RetentionRules
  private let tracer: Tracer
  private let onFire: @Sendable () -> Void
  private let logger: Logger
  private let isStopping = Atomic(false)
  private let signal = DispatchSemaphore(value: 0)
  private let hasEnded = DispatchSemaphore(value: 0)

  /// - Parameter onFire: called when a schedule may have submitted jobs.
  init(engine: Engine, host: Int64, retention: RetentionRules, tracer: Tracer, logger: Logger, onFire: @escaping @Sendable () -> Void) {
    self.engine = engine
    self.host = host
    self.retention = retention
    self.tracer = tracer
    self.onFire = onFire
    self.logger = logger
  }

  /// Works until `stop()`. Blocks its thread.
  func work() {
    var turn = 0
    while !isStopping.load(ordering: .relaxed) {
      do {
        try lead(turn)
      } catch {
        logger.warning("A chore of the leader failed", metadata: ["error": "\(String(reflecting: error))"])
      }
      turn += 1
      _ = signal.wait(timeout: .now() + Self.pause)
    }
    hasEnded.signal()
  }

  private func attempt(_ chore: String, _ body: () throws -> Void) {
    do {
      try body()
    } catch {
      logger.warning("A chore of the leader failed", metadata: ["chore": "\(chore)", "error": "\(String(reflecting: error))"])
    }
  }

  /// Returns when the step in hand is done.
  func stop() {
    isStopping.store(true, ordering: .relaxed)
    signal.signal()
    hasEnded.wait()
  }

  private func lead(_ turn: Int) throws {
    guard let term = try engine.leader.lead(host) else { return }
    // what ails one of them keeps none of the others
    attempt("schedules") { [self] in if try engine.schedules.fire() > 0 { onFire() } }
    attempt("backfills") { [self] in if try engine.schedules.advanceBackfills() > 0 { onFire() } }
    attempt("triggers") { [self] in if try engine.triggers.fire() > 0 { onFire() } }
    if tracer.exporter != nil { attempt("traces") { [self] in tracer.ended(try engine.traces.ended()) } }
    if turn % Self.retireEvery == 0 {
      attempt("events") { [self] in _ = try engine.triggers.clean() }
      let retired = try engine.retention.retire(retention, term)
      if retired > 0 { logger.info("Removed jobs that were kept long enough", metadata: ["jobs": "\(retired)"]) }
    }
    try engine.datasets.settle()
    // the lead is renewed between, well within its lease
    let end = ContinuousClock.now + .seconds(2)
    while !isStopping.load(ordering: .relaxed), ContinuousClock.now < end {
      guard try engine.retention.clean() || engine.spool.clean() > 0 else { break }
    }
  }
}
