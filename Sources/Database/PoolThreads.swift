/// The threads on which `Database.perform` runs its closures.
///
/// One more than the pool has connections: so some thread always waits at the pool on behalf of the oldest call, and
/// no call waits longer than the pool's timeout without hearing of it. They start when needed and stay until `close`.
final class PoolThreads: @unchecked Sendable {  // everything mutable is touched only while `gate` is held
  typealias Work = @Sendable () -> Void
  private let gate = Gate()
  private let limit: Int
  private var queue: [Work] = []
  private var head = 0
  private var threads = 0
  private var waiting = 0
  private var isClosed = false

  init(limit: Int) {
    self.limit = limit
  }

  /// Runs `work` when a thread is free, in order of arrival.
  /// - Returns: false when it will never run: closed, or no thread could be started.
  func submit(_ work: @escaping Work) -> Bool {
    gate.lock()
    defer { gate.unlock() }
    guard !isClosed else { return false }
    if waiting == 0, threads < limit {
      if Thread.start({ [self] in serve() }) {
        threads += 1
      } else if threads == 0 {
        return false
      }
    }
    queue.append(work)
    gate.wakeOne()
    return true
  }

  /// The threads end after the work that was submitted.
  func close() {
    gate.locked {
      isClosed = true
      gate.wakeAll()
    }
  }

  private func serve() {
    while let work = next() { work() }
  }

  private func next() -> Work? {
    gate.lock()
    defer { gate.unlock() }
    waiting += 1
    defer { waiting -= 1 }
    while head == queue.count {
      if isClosed { return nil }
      _ = gate.wait(until: nil)
    }
    let work = queue[head]
    head += 1
    if head == queue.count || head > 1024 {
      queue.removeFirst(head)
      head = 0
    }
    return work
  }
}
