/// So many in a while, as manifests and commands write it: `"10/s"`, `"600/m"`, `"100/h"`, `"5000/d"`.
public struct RateLimit: Sendable, Hashable, CustomStringConvertible {
  public var count: Int
  /// 1, 60, 3,600 or 86,400.
  public var seconds: Int

  private static let units: [(name: String, seconds: Int)] = [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)]

  static let expected = "a rate such as 10/s, 600/m, 100/h or 5000/d"

  /// Nil for a unit that there is not.
  public init?(count: Int, seconds: Int) {
    guard (1...1_000_000_000).contains(count), Self.units.contains(where: { $0.seconds == seconds }) else { return nil }
    self.count = count
    self.seconds = seconds
  }

  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(parts[0]),
      let unit = Self.units.first(where: { $0.name == parts[1] })
    else { return nil }
    self.init(count: count, seconds: unit.seconds)
  }

  /// What a second brings, but at least one: what gathers unless something else is said.
  public var usualBurst: Int { max(1, count / seconds) }

  public var description: String { "\(count)/\(Self.units.first { $0.seconds == seconds }?.name ?? "s")" }
}
