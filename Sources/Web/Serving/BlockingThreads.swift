import Glibc
import Synchronization

/// The threads on which the engine is called, which blocks. They start when something waits and end when nothing does.
final class BlockingThreads: Sendable {
  typealias Work = @Sendable () -> Void

  private struct State {
    var threads = 0
    var waiting: [Work] = []
  }

  private let state = Mutex(State())
  private let limit: Int
  private let mostWaiting: Int

  init(limit: Int, mostWaiting: Int = Limits.waitingRequests) {
    self.limit = limit
    self.mostWaiting = mostWaiting
  }

  /// Does `body` on one of the threads.
  /// - Throws: `Problem` (503) when too much waits already; else what `body` throws.
  func perform<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      let isAccepted = submit { continuation.resume(with: Result { try body() }) }
      if !isAccepted { continuation.resume(throwing: Problem.overloaded) }
    }
  }

  private func submit(_ work: @escaping Work) -> Bool {
    let (isAccepted, needsThread) = state.withLock { state in
      guard state.waiting.count < mostWaiting else { return (false, false) }
      state.waiting.append(work)
      guard state.threads < limit else { return (true, false) }
      state.threads += 1
      return (true, true)
    }
    if needsThread, !start() {
      // another thread takes what waits; without any, this request is the only one that does
      return state.withLock { state in
        state.threads -= 1
        guard state.threads == 0 else { return true }
        state.waiting.removeAll()
        return false
      }
    }
    return isAccepted
  }

  private func start() -> Bool {
    var thread = pthread_t()
    let this = Unmanaged.passRetained(self)
    let failed = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<BlockingThreads>.fromOpaque(argument).takeRetainedValue().serve()
        return nil
      }, this.toOpaque())
    guard failed == 0 else {
      this.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  private func serve() {
    while let work = next() { work() }
  }

  private func next() -> Work? {
    state.withLock { state in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
      state.threads -= 1
      return nil
    }
  }
}
