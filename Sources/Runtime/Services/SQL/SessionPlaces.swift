import Synchronization

/// The places for sessions on one database: so many at a time, half of them at most to one task, and whoever waits is
/// served in order, without a thread of ours waiting with him.
final class SessionPlaces: Sendable {
  private struct State {
    var taken = 0
    /// Held and waited for, by attempt.
    var claims: [Int64: Int] = [:]
    var waiting: [(token: Int64, start: @Sendable () -> Void)] = []
  }

  let places: Int
  let mostOfOneTask: Int
  private let state = Mutex(State())

  init(_ places: Int) {
    self.places = places
    mostOfOneTask = max(1, places / 2)
  }

  /// Calls `start` once there is a place, at once or when another gives its back; it must not block.
  /// - Returns: false when the attempt has, or waits for, as many as one may.
  func take(for token: Int64, _ start: @escaping @Sendable () -> Void) -> Bool {
    enum Answer { case now, later, never }
    let answer = state.withLock { state -> Answer in
      guard state.claims[token, default: 0] < mostOfOneTask else { return .never }
      state.claims[token, default: 0] += 1
      guard state.taken < places else {
        state.waiting.append((token, start))
        return .later
      }
      state.taken += 1
      return .now
    }
    if case .now = answer { start() }
    if case .never = answer { return false }
    return true
  }

  func giveBack(from token: Int64) {
    let next = state.withLock { state -> (@Sendable () -> Void)? in
      drop(token, &state)
      guard !state.waiting.isEmpty else {
        state.taken -= 1
        return nil
      }
      return state.waiting.removeFirst().start
    }
    next?()
  }

  /// Forgets what an attempt that has ended still waits for.
  func forget(_ token: Int64) {
    state.withLock { state in
      let kept = state.waiting.filter { $0.token != token }
      for _ in kept.count..<state.waiting.count { drop(token, &state) }
      state.waiting = kept
    }
  }

  private func drop(_ token: Int64, _ state: inout State) {
    let left = state.claims[token, default: 1] - 1
    state.claims[token] = left > 0 ? left : nil
  }
}
