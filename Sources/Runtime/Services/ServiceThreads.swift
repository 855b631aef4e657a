import Dispatch
import Synchronization

/// Threads for what blocks on behalf of handlers: storage, the database. They come with need and stay.
final class ServiceThreads: Sendable {
  private struct State {
    var waiting: [@Sendable () -> Void] = []
    var head = 0
    var idle = 0
    var threads = 0
  }

  private let limit: Int
  private let state = Mutex(State())
  // A semaphore counts the waiting pieces of work: each thread takes one for each count.
  private let signal = DispatchSemaphore(value: 0)

  init(limit: Int = 32) {
    self.limit = limit
  }

  /// Does the work on one of the threads, in the order of the calls as far as threads are free.
  func perform(_ work: @escaping @Sendable () -> Void) {
    let needsThread = state.withLock { state in
      state.waiting.append(work)
      guard state.waiting.count - state.head > state.idle, state.threads < limit else { return false }
      state.threads += 1
      return true
    }
    signal.signal()
    if needsThread { start() }
  }

  private func start() {
    Threads.start { [self] in
      while true {
        state.withLock { $0.idle += 1 }
        signal.wait()
        let work = state.withLock { state in
          state.idle -= 1
          let work = state.waiting[state.head]
          state.head += 1
          if state.head == state.waiting.count {
            state.waiting.removeAll(keepingCapacity: true)
            state.head = 0
          }
          return work
        }
        work()
      }
    }
  }
}
