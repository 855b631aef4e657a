import Database
import Engine
import Logging
import Synchronization

/// Tells the other hosts that there is work, and hears it from them: at most ten times a second, whatever happens.
///
/// Only a shortcut: every host also looks by itself a few times a second, and behind a pooler nothing is heard.
final class Announcer: Sendable {
  private static let interval: Duration = .milliseconds(100)

  private let hosts: Hosts
  private let threads: ServiceThreads
  private let logger: Logger
  private let listener: Listener?
  private let saidAt = Mutex<ContinuousClock.Instant?>(nil)

  /// - Parameter onWork: called for every announcement, this host's own too.
  init(engine: Engine, threads: ServiceThreads, logger: Logger, onWork: @escaping @Sendable () -> Void) {
    hosts = engine.hosts
    self.threads = threads
    self.logger = logger
    let listener = engine.database.listen([Hosts.channel])
    self.listener = listener
    if let listener { Task { for await _ in listener { onWork() } } }
  }

  /// Announces soon, from a thread that may block; nothing within a tenth of a second of the last time.
  func announce() {
    let now = ContinuousClock.now
    let isDue = saidAt.withLock { saidAt in
      guard saidAt.map({ now - $0 >= Self.interval }) ?? true else { return false }
      saidAt = now
      return true
    }
    guard isDue else { return }
    threads.perform { [self] in
      do {
        try hosts.announce()
      } catch {
        logger.debug("Cannot announce work", metadata: ["error": "\(String(reflecting: error))"])
      }
    }
  }

  func stop() { listener?.stop() }
}
