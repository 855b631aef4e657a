import Synchronization

/// Does work on threads, of one attempt at most `width` pieces at a time, so that no task keeps the others waiting.
final class FairTurns: Sendable {
  private struct Queue {
    var running = 0
    var waiting: [@Sendable () -> Void] = []
  }

  private let width: Int
  private let threads: ServiceThreads
  private let queues = Mutex<[Int64: Queue]>([:])

  init(width: Int, threads: ServiceThreads) {
    self.width = width
    self.threads = threads
  }

  func perform(for token: Int64, _ work: @escaping @Sendable () -> Void) {
    let starts = queues.withLock { queues in
      guard queues[token, default: Queue()].running < width else {
        queues[token]?.waiting.append(work)
        return false
      }
      queues[token, default: Queue()].running += 1
      return true
    }
    if starts { threads.perform { self.turn(token, work) } }
  }

  private func turn(_ token: Int64, _ first: @escaping @Sendable () -> Void) {
    var next: (@Sendable () -> Void)? = first
    while let work = next {
      work()
      next = queues.withLock { queues in
        guard var queue = queues[token] else { return nil }
        defer { queues[token] = queue.running == 0 ? nil : queue }
        guard queue.waiting.isEmpty else { return queue.waiting.removeFirst() }
        queue.running -= 1
        return nil
      }
    }
  }
}
