import Engine
import Synchronization

/// The tasks in this host's hands, by token.
final class InFlightTasks: Sendable {
  private let tasks = Mutex<[Int64: InFlightTask]>([:])

  var count: Int { tasks.withLock { $0.count } }

  /// Those of other handlers.
  func count(besides quick: Set<String>) -> Int {
    tasks.withLock { $0.values.count { !quick.contains($0.handler.name) } }
  }

  subscript(token: Int64) -> InFlightTask? { tasks.withLock { $0[token] } }

  func add(_ added: [InFlightTask]) {
    tasks.withLock { tasks in
      for task in added { tasks[task.task.token] = task }
    }
  }

  func remove(_ tokens: some Sequence<Int64>) -> [InFlightTask] {
    tasks.withLock { tasks in tokens.compactMap { tasks.removeValue(forKey: $0) } }
  }
}
