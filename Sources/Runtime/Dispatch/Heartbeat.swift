import Dispatch
import Engine
import Logging
import Synchronization

/// Renews the host's lease; says so when it could not for half of it.
final class Heartbeat: Sendable {
  private let engine: Engine
  private let host: Int64
  private let logger: Logger
  private let onLost: @Sendable () -> Void
  private let isStopping = Atomic(false)
  private let signal = DispatchSemaphore(value: 0)

  /// - Parameter onLost: called once; the host's tasks may be others' soon, so its runners must be killed before.
  init(engine: Engine, host: Int64, logger: Logger, onLost: @escaping @Sendable () -> Void) {
    self.engine = engine
    self.host = host
    self.logger = logger
    self.onLost = onLost
  }

  /// Beats until `stop()`, or until the lease is lost. Blocks its thread.
  func beat() {
    let clock = ContinuousClock()
    var renewedAt = clock.now
    while !isStopping.load(ordering: .relaxed) {
      do {
        // from before the call: the lease counts from when the server saw it, not from when we heard of it
        let asked = clock.now
        try engine.hosts.renew(host)
        renewedAt = asked
      } catch let error as EngineError {
        logger.error("Lost the host's lease", metadata: ["reason": "\(error.message)"])
        return onLost()
      } catch {
        logger.warning("Cannot renew the host's lease", metadata: ["error": "\(String(reflecting: error))"])
      }
      if clock.now - renewedAt > engine.hosts.lease / 2 {
        logger.error("Could not renew the host's lease for half its time: its runners are killed")
        return onLost()
      }
      _ = signal.wait(timeout: .now() + .milliseconds(Int(engine.hosts.lease / 6 / .milliseconds(1))))
    }
  }

  func stop() {
    isStopping.store(true, ordering: .relaxed)
    signal.signal()
  }
}
