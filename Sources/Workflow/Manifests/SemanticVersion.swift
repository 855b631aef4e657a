/// A version by the rules of Semantic Versioning 2.0.0: `1.4.2`, `2.0.0-beta.1+linux`.
public struct SemanticVersion: Sendable, Hashable {
  public let major: Int
  public let minor: Int
  public let patch: Int
  /// Empty for a release.
  public let prerelease: [String]
  public let text: String

  public init?(_ text: String) {
    let halves = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = halves[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false).map { Self.number($0) }
    guard numbers.count == 3, let major = numbers[0], let minor = numbers[1], let patch = numbers[2] else { return nil }
    let prerelease = parts.count == 2 ? Self.identifiers(parts[1]) : []
    let build = halves.count == 2 ? Self.identifiers(halves[1]) : []
    guard let prerelease, build != nil else { return nil }
    guard prerelease.allSatisfy({ !$0.isDigits || Self.number($0[...]) != nil }) else { return nil }
    self.major = major
    self.minor = minor
    self.patch = patch
    self.prerelease = prerelease
    self.text = text
  }

  private static func number(_ text: Substring) -> Int? {
    guard String(text).isDigits, text.count == 1 || text.first != "0" else { return nil }
    return Int(text)
  }

  private static func identifiers(_ text: Substring) -> [String]? {
    let identifiers = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    return identifiers.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isIdentifierByte) } ? identifiers : nil
  }

  private static func isIdentifierByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

extension SemanticVersion: Comparable {
  /// By precedence: what follows `+` does not count.
  public static func < (one: SemanticVersion, other: SemanticVersion) -> Bool {
    let (left, right) = ((one.major, one.minor, one.patch), (other.major, other.minor, other.patch))
    if left != right { return left < right }
    if one.prerelease.isEmpty || other.prerelease.isEmpty { return !one.prerelease.isEmpty && other.prerelease.isEmpty }
    for (mine, theirs) in zip(one.prerelease, other.prerelease) where mine != theirs {
      switch (mine.isDigits, theirs.isDigits) {
      case (true, true): return (mine.count, mine) < (theirs.count, theirs)
      case (true, false): return true
      case (false, true): return false
      case (false, false): return mine < theirs
      }
    }
    return one.prerelease.count < other.prerelease.count
  }
}

extension String {
  fileprivate var isDigits: Bool {
    !isEmpty && utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
