import Synchronization

/// Does the pieces of work of one attempt one after another, while those of different attempts go side by side.
final class OrderedTurns: Sendable {
  private let threads: ServiceThreads
  private let queues = Mutex<[Int64: [@Sendable () -> Void]]>([:])

  init(threads: ServiceThreads) {
    self.threads = threads
  }

  func perform(for token: Int64, _ work: @escaping @Sendable () -> Void) {
    let isFirst = queues.withLock { queues in
      queues[token, default: []].append(work)
      return queues[token]?.count == 1
    }
    if isFirst { threads.perform { self.turn(token) } }
  }

  /// Whether work of the attempt is waiting or being done.
  func isBusy(_ token: Int64) -> Bool { queues.withLock { $0[token] != nil } }

  private func turn(_ token: Int64) {
    while let work = queues.withLock({ $0[token]?.first }) {
      work()
      queues.withLock { queues in
        queues[token]?.removeFirst()
        if queues[token]?.isEmpty == true { queues[token] = nil }
      }
    }
  }
}
