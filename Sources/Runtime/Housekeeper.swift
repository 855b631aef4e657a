import Dispatch
import Engine
import Logging
import Runners
import Synchronization

/// What every host does now and then: starts jobs that are due, takes over from hosts that are gone, stops what was
/// cancelled, stores what tasks said. Each chore is safe to be done by all hosts at once.
final class Housekeeper: Sendable {
  private let engine: Engine
  private let identity: HostIdentity
  private let host: Int64
  private let journalist: Journalist
  private let logger: Logger
  private let queueTimeouts: [String: Duration]
  private let cancel: @Sendable ([Cancelling]) -> Void
  private let onWork: @Sendable () -> Void
  private let isStopping = Atomic(false)
  private let signal = DispatchSemaphore(value: 0)
  private let hasEnded = DispatchSemaphore(value: 0)

  /// - Parameters:
  ///   - queueTimeouts: of handlers that have one, by name.
  ///   - cancel: attempts whose job was cancelled.
  ///   - onWork: there is work that was not there before.
  init(
    engine: Engine, identity: HostIdentity, host: Int64, journalist: Journalist, logger: Logger,
    queueTimeouts: [String: Duration], cancel: @escaping @Sendable ([Cancelling]) -> Void, onWork: @escaping @Sendable () -> Void
  ) {
    self.engine = engine
    self.identity = identity
    self.host = host
    self.journalist = journalist
    self.logger = logger
    self.queueTimeouts = queueTimeouts
    self.cancel = cancel
    self.onWork = onWork
  }

  /// Works until `stop()`. Blocks its thread.
  func work() {
    var turn = 0
    while !isStopping.load(ordering: .relaxed) {
      journalist.flush()
      attempt("cancel") { [self] in
        let attempts = try engine.jobs.cancelling(host: host)
        if !attempts.isEmpty { cancel(attempts) }
      }
      attempt("promote") { [self] in if try engine.jobs.promote() > 0 { onWork() } }
      attempt("deadline") { [self] in if try engine.jobs.overdue() > 0 { onWork() } }
      if turn % 5 == 0 {
        attempt("expire") { [self] in if try !engine.queue.expire(otherwise: queueTimeouts).isEmpty { onWork() } }
        attempt("rescue") { [self] in
          let rescued = try engine.rescuer.rescue(seenFrom: identity)
          if rescued > 0 {
            logger.warning("Took over tasks of hosts that are gone", metadata: ["tasks": "\(rescued)"])
            onWork()
          }
        }
      }
      if turn % 100 == 0 { attempt("clean") { [self] in while try engine.spool.clean() > 0 {} } }
      turn += 1
      _ = signal.wait(timeout: .now() + .milliseconds(200))
    }
    journalist.flush()
    hasEnded.signal()
  }

  func wake() { signal.signal() }

  /// Returns when the chore in hand is done and what tasks said last is stored.
  func stop() {
    isStopping.store(true, ordering: .relaxed)
    signal.signal()
    hasEnded.wait()
  }

  private func attempt(_ chore: String, _ body: () throws -> Void) {
    do {
      try body()
    } catch {
      logger.warning("A chore failed", metadata: ["chore": "\(chore)", "error": "\(String(reflecting: error))"])
    }
  }
}
