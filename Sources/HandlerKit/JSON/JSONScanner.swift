/// Finds the parts of JSON text that `JSONValidator` has passed; of other text it promises nothing.
enum JSONScanner {
  /// One member or element. White space and all: `lead`, key, colon, value and `tail` fill the place between two commas.
  struct Part {
    /// White space after `{`, `[` or the comma before.
    var lead: Range<Int>
    /// With its quotes; empty in an array.
    var key: Range<Int>
    var value: Range<Int>
    /// White space before the comma after, `}` or `]`.
    var tail: Range<Int>
  }

  /// Calls `body` for each part of an object or array; positions are indices of `text`.
  static func forEachPart(of text: ArraySlice<UInt8>, _ body: (Part) throws -> Void) rethrows {
    let base = text.startIndex
    try text.withUnsafeBufferPointer { bytes in
      let isObject = bytes[0] == UInt8(ascii: "{")
      let close = bytes.count - 1
      var at = 1
      if skipSpace(bytes, at) == close { return }
      while at <= close {
        let lead = at
        let start = skipSpace(bytes, at)
        at = start
        if isObject {
          at = skipString(bytes, at)
          let keyEnd = at
          let valueStart = skipSpace(bytes, skipSpace(bytes, at) + 1)
          at = skipValue(bytes, valueStart)
          let end = skipSpace(bytes, at)
          try body(
            Part(
              lead: base + lead..<base + start, key: base + start..<base + keyEnd,
              value: base + valueStart..<base + at, tail: base + at..<base + end))
          at = end + 1
        } else {
          at = skipValue(bytes, start)
          let end = skipSpace(bytes, at)
          try body(
            Part(
              lead: base + lead..<base + start, key: base + start..<base + start,
              value: base + start..<base + at, tail: base + at..<base + end))
          at = end + 1
        }
      }
    }
  }

  static func skipSpace(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var at = start
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"): at += 1
      default: return at
      }
    }
    return at
  }

  private static func skipString(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var at = start + 1
    while bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
    return at + 1
  }

  private static func skipValue(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var at = start
    var depth = 0
    repeat {
      switch bytes[at] {
      case UInt8(ascii: "\""):
        at = skipString(bytes, at)
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        at += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        at += 1
      case _ where depth > 0:
        at += 1
      default:
        return skipScalar(bytes, at)
      }
    } while depth > 0
    return at
  }

  private static func skipScalar(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var at = start
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: " "), UInt8(ascii: "\n"),
        UInt8(ascii: "\t"), UInt8(ascii: "\r"):
        return at
      default: at += 1
      }
    }
    return at
  }

  /// True if the quoted `text` stands for the characters of `wanted`.
  static func key(_ text: ArraySlice<UInt8>, equals wanted: [UInt8]) -> Bool {
    let inner = text.dropFirst().dropLast()
    if inner.elementsEqual(wanted) { return !inner.contains(UInt8(ascii: "\\")) }
    return inner.contains(UInt8(ascii: "\\")) && decoded(text).utf8.elementsEqual(wanted)
  }

  /// The characters of a quoted string. Half a surrogate pair becomes U+FFFD.
  static func decoded(_ text: ArraySlice<UInt8>) -> String {
    let inner = text.dropFirst().dropLast()
    guard inner.contains(UInt8(ascii: "\\")) else { return String(decoding: inner, as: UTF8.self) }
    var units: [UInt16] = []
    var result = ""
    var plain: [UInt8] = []
    var at = inner.startIndex
    while at < inner.endIndex {
      guard inner[at] == UInt8(ascii: "\\") else {
        result += String(decoding: units, as: UTF16.self)
        units.removeAll()
        plain.append(inner[at])
        at += 1
        continue
      }
      result += String(decoding: plain, as: UTF8.self)
      plain.removeAll()
      at += 2
      switch inner[at - 1] {
      case UInt8(ascii: "u"):
        units.append(inner[at..<at + 4].reduce(0) { $0 << 4 | UInt16(hexDigit($1) ?? 0) })
        at += 4
      case UInt8(ascii: "b"): units.append(0x08)
      case UInt8(ascii: "f"): units.append(0x0C)
      case UInt8(ascii: "n"): units.append(0x0A)
      case UInt8(ascii: "r"): units.append(0x0D)
      case UInt8(ascii: "t"): units.append(0x09)
      case let same: units.append(UInt16(same))
      }
    }
    return result + String(decoding: units, as: UTF16.self) + String(decoding: plain, as: UTF8.self)
  }

  static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
