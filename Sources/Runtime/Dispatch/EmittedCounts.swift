import Engine
import Synchronization

/// How much of an attempt's items and rejects is spooled already, and whether one of them was refused.
final class EmittedCounts: Sendable {
  private struct State {
    var counts: [ItemKind: Int] = [:]
    var fault: String?
  }

  private let state = Mutex(State())

  /// Takes the numbers for the next `count` elements and answers the first.
  func take(_ count: Int, of kind: ItemKind) -> Int {
    state.withLock { state in
      defer { state.counts[kind, default: 0] += count }
      return state.counts[kind, default: 0]
    }
  }

  func spooled(_ kind: ItemKind) -> Int { state.withLock { $0.counts[kind] ?? 0 } }

  /// Why the attempt cannot succeed although its handler may think so; the first fault stays.
  var fault: String? { state.withLock { $0.fault } }

  func fail(_ fault: String) {
    state.withLock { if $0.fault == nil { $0.fault = fault } }
  }
}
