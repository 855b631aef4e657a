import Synchronization

/// The handlers whose limits were found to be reached: this host does not ask again for a moment, so that a limit which is reached costs
/// the other handlers nothing.
final class LimitPauses: Sendable {
  private struct State {
    var until: [String: ContinuousClock.Instant] = [:]
    /// Stages that this host has claimed limited tasks of.
    var stages: Set<Int64> = []
  }

  private static let length: Duration = .milliseconds(100)

  private let state = Mutex(State())

  /// The handlers that may be asked for now.
  func free(_ handlers: [String]) -> [String] {
    state.withLock { state in
      guard !state.until.isEmpty else { return handlers }
      let now = ContinuousClock.now
      state.until = state.until.filter { $0.value > now }
      return handlers.filter { state.until[$0] == nil }
    }
  }

  func pause(_ handler: String) { state.withLock { $0.until[handler] = .now + Self.length } }

  func claimed(from stage: Int64) {
    state.withLock { state in
      if state.stages.count > 1_000 { state.stages.removeAll() }
      state.stages.insert(stage)
    }
  }

  /// Tasks have ended, and with them what they held.
  func ended(_ stages: some Sequence<Int64>) {
    state.withLock { state in
      guard !state.until.isEmpty, !state.stages.isEmpty, stages.contains(where: state.stages.contains) else { return }
      state.until.removeAll()
    }
  }
}
