import Dispatch
import Engine
import Logging
import Synchronization

/// Renews the host's lease; says so when it could not for half of it.
///
/// Two threads: one asks the database, which may hang without an answer, and one watches the clock.
final class Heartbeat: Sendable {
  private struct State {
    var renewedAt: ContinuousClock.Instant
    var isStopping = false
    var isLost = false
  }

  private let lease: Duration
  private let renew: @Sendable () throws -> Void
  private let logger: Logger
  private let onLost: @Sendable () -> Void
  private let state = Mutex(State(renewedAt: ContinuousClock().now))
  private let beats = DispatchSemaphore(value: 0)
  private let looks = DispatchSemaphore(value: 0)

  /// - Parameters:
  ///   - renew: renews the lease; may block for any time.
  ///   - onLost: called once; the host's tasks may be others' soon, so its runners must be killed before.
  init(lease: Duration, logger: Logger, renew: @escaping @Sendable () throws -> Void, onLost: @escaping @Sendable () -> Void) {
    self.lease = lease
    self.renew = renew
    self.logger = logger
    self.onLost = onLost
  }

  /// Starts both threads. They end with `stop()`, or when the lease is lost.
  func start() {
    state.withLock { $0.renewedAt = ContinuousClock().now }
    Threads.start { [self] in beat() }
    Threads.start { [self] in watch() }
  }

  func stop() {
    state.withLock { $0.isStopping = true }
    beats.signal()
    looks.signal()
  }

  private func beat() {
    let pause = DispatchTimeInterval.milliseconds(Int(lease / 6 / .milliseconds(1)))
    while isBeating {
      do {
        // from before the call: the lease counts from when the server saw it, not from when we heard of it
        let asked = ContinuousClock().now
        try renew()
        state.withLock { $0.renewedAt = asked }
      } catch let error as EngineError {
        lost("Lost the host's lease", error.message)
      } catch {
        logger.warning("Cannot renew the host's lease", metadata: ["error": "\(String(reflecting: error))"])
      }
      _ = beats.wait(timeout: .now() + pause)
    }
  }

  private func watch() {
    while isBeating {
      let left = lease / 2 - (ContinuousClock().now - state.withLock { $0.renewedAt })
      guard left > .zero else {
        return lost("Could not renew the host's lease for half its time: its runners are killed", "no answer in time")
      }
      _ = looks.wait(timeout: .now() + .milliseconds(Int(left / .milliseconds(1)) + 1))
    }
  }

  private var isBeating: Bool { state.withLock { !$0.isStopping && !$0.isLost } }

  private func lost(_ message: Logger.Message, _ reason: String) {
    let isFirst = state.withLock { state in
      defer { state.isLost = true }
      return !state.isLost && !state.isStopping
    }
    guard isFirst else { return }
    logger.error(message, metadata: ["reason": "\(reason)"])
    looks.signal()
    onLost()
  }
}
