import Database
import Dispatch
import Logging
import Runtime
import Synchronization

/// Starts the private PostgreSQL anew when it dies under a running host, as a supervisor would a server of its own.
final class ClusterWatch: Sendable {
  private static let tries = 5

  private let cluster: Cluster
  private let logger: Logger
  private let onLost: @Sendable () -> Void
  private let isStopping = Atomic(false)
  private let signal = DispatchSemaphore(value: 0)
  private let hasEnded = DispatchSemaphore(value: 0)

  /// Starts watching, on a thread of its own.
  /// - Parameter onLost: PostgreSQL is dead and does not come back.
  init(_ cluster: Cluster, logger: Logger, onLost: @escaping @Sendable () -> Void) {
    self.cluster = cluster
    self.logger = logger
    self.onLost = onLost
    Threads.start { [self] in work() }
  }

  /// Returns when nothing is being started any more. Before the cluster is stopped.
  func stop() {
    isStopping.store(true, ordering: .relaxed)
    signal.signal()
    hasEnded.wait()
  }

  private func work() {
    defer { hasEnded.signal() }
    var failures = 0
    while !isStopping.load(ordering: .relaxed) {
      do throws(ClusterError) {
        if try cluster.revive() {
          logger.warning("PostgreSQL had died and runs again", metadata: ["pid": "\(cluster.serverPID ?? 0)"])
        }
        failures = 0
      } catch {
        failures += 1
        logger.critical(
          "PostgreSQL has died and cannot be started",
          metadata: ["error": "\(error.message)", "hint": "\(error.hint)", "try": "\(failures) of \(Self.tries)"])
        if failures == Self.tries { return onLost() }
      }
      _ = signal.wait(timeout: .now() + .milliseconds(500))
    }
  }
}
