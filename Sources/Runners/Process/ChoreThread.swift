internal import Synchronization

/// A thread for what blocks: starting processes, removing folders. One after another, in order.
final class ChoreThread: Sendable {
  private struct State {
    var chores: [@Sendable () -> Void] = []
    var isEnding = false
  }

  private let state = Mutex(State())
  private let ready = Signal()
  private let ended = Signal()

  init() {
    startThread(named: "weir-chores") { [self] in work() }
  }

  func add(_ chore: @escaping @Sendable () -> Void) {
    state.withLock { $0.chores.append(chore) }
    ready.raise()
  }

  /// Ends the thread when all chores are done, and waits for that.
  func finish() {
    state.withLock { $0.isEnding = true }
    ready.raise()
    ended.wait()
  }

  private func work() {
    while true {
      let (chores, isEnding) = state.withLock { state in
        defer { state.chores = [] }
        return (state.chores, state.isEnding)
      }
      chores.forEach { $0() }
      if chores.isEmpty {
        if isEnding { break }
        ready.wait()
      }
    }
    ended.raise()
  }
}
