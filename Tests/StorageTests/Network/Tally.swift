import Synchronization

/// Counts from many threads.
final class Tally: Sendable {
  private let value = Atomic(0)

  var count: Int { value.load(ordering: .relaxed) }

  @discardableResult
  func add() -> Int { value.add(1, ordering: .relaxed).newValue }
}
