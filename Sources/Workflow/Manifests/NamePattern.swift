/// A name, or many: `*` stands for any letters, also none, so `bronze*` matches `bronzemapspam`.
public struct NamePattern: Sendable, Hashable {
  public let text: String

  static let hint = "Write letters, digits, \".\", \"_\" and \"-\", and \"*\" for any letters."

  /// Nil when the text is empty or has other signs than a name may have.
  public init?(_ text: String) {
    let isName = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "*"):
        true
      default: false
      }
    }
    guard !text.isEmpty, isName else { return nil }
    self.text = text
  }

  public func matches(_ name: String) -> Bool {
    let pattern = Array(text.utf8)
    let name = Array(name.utf8)
    var p = 0
    var n = 0
    var star: (pattern: Int, name: Int)?
    while n < name.count {
      if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
        star = (p, n)
        p += 1
      } else if p < pattern.count, pattern[p] == name[n] {
        p += 1
        n += 1
      } else if let last = star {
        p = last.pattern + 1
        n = last.name + 1
        star = (last.pattern, n)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

extension Sequence where Element == NamePattern {
  public func match(_ name: String) -> Bool { contains { $0.matches(name) } }
}
