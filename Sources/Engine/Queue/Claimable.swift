/// How many tasks a host takes at once.
///
/// Quick ones it takes ahead, so that its runners never wait. Of any other it takes no more than it has runners for: each may take
/// hours, and another host may be free.
public struct Claimable: Sendable {
  /// Of all handlers together.
  public var total: Int
  /// Of handlers that are not among `quick`.
  public var others: Int
  public var quick: Set<String>

  /// - Parameter others: as many as `total` unless given.
  public init(_ total: Int, others: Int? = nil, quick: Set<String> = []) {
    self.total = max(0, total)
    self.others = max(0, others ?? total)
    self.quick = quick
  }

  /// - Parameter isLimited: taken ahead, it would hold its place while it waits.
  func room(for handler: String, isLimited: Bool = false) -> Int { !isLimited && quick.contains(handler) ? total : min(total, others) }

  mutating func take(_ count: Int, of handler: String) {
    total -= count
    if !quick.contains(handler) { others -= count }
  }
}

extension Claimable: ExpressibleByIntegerLiteral {
  public init(integerLiteral total: Int) { self.init(total) }
}
