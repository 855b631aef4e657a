import Dispatch
import Engine
import FoundationEssentials
import Logging
import Storage
import Synchronization
import Workflow

/// Looks for new objects, as long as this host leads. A thread of its own: a store that does not answer must keep no other chore.
final class ObjectWatch: Sendable {
  private static let pause: DispatchTimeInterval = .seconds(1)

  private let engine: Engine
  private let host: Int64
  private let containers: Containers
  private let onFire: @Sendable () -> Void
  private let logger: Logger
  private let isStopping = Atomic(false)
  private let signal = DispatchSemaphore(value: 0)
  private let hasEnded = DispatchSemaphore(value: 0)

  /// - Parameter onFire: called when jobs may have been submitted.
  init(engine: Engine, host: Int64, containers: Containers, logger: Logger, onFire: @escaping @Sendable () -> Void) {
    self.engine = engine
    self.host = host
    self.containers = containers
    self.logger = logger
    self.onFire = onFire
  }

  /// Works until `stop()`. Blocks its thread.
  func work() {
    while !isStopping.load(ordering: .relaxed) {
      do {
        if try engine.leader.lead(host) != nil { for look in try engine.triggers.looks() { try walk(look) } }
      } catch {
        logger.warning("Cannot look for new objects", metadata: ["error": "\(String(reflecting: error))"])
      }
      _ = signal.wait(timeout: .now() + Self.pause)
    }
    hasEnded.signal()
  }

  /// Returns when the page in hand is decided.
  func stop() {
    isStopping.store(true, ordering: .relaxed)
    signal.signal()
    hasEnded.wait()
  }

  /// From where the walk stands to its end, or until another host leads.
  private func walk(_ start: ObjectLook) throws {
    var look = start
    while !isStopping.load(ordering: .relaxed), try engine.leader.lead(host) != nil {
      let page: ObjectPage
      do throws(StorageError) {
        let store = try containers.store(ContainerName(look.source.container))
        page = try store.list(
          ListQuery(prefix: look.source.prefix, page: look.page), cancel: Cancellation { [self] in isStopping.load(ordering: .relaxed) })
      } catch {
        guard !isStopping.load(ordering: .relaxed) else { return }
        logger.warning("Cannot look for new objects", metadata: ["trigger": "\(look.name)", "error": "\(error.description)"])
        return try engine.triggers.fail(look, error.message)
      }
      let objects = page.objects.map { entry in
        SeenObject(
          key: entry.key.text, etag: entry.head.etag, size: entry.head.size, modified: entry.head.modified.timeIntervalSince1970)
      }
      guard let new = try engine.triggers.take(objects, of: look, next: page.next) else { return }
      if new > 0 { onFire() }
      guard let next = page.next else { return }
      look.page = next
    }
  }
}
