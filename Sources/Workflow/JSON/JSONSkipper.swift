/// Finds where values begin and end in a text that is known to be JSON, without looking into them.
///
/// Stays within its memory and ends, whatever the text: on what is no JSON it stops early.
struct JSONSkipper {
  private let base: UnsafePointer<UInt8>
  private let end: Int
  private var at = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    base = bytes.baseAddress ?? UnsafePointer(bitPattern: 1)!  // never read: end is 0 then
    end = bytes.count
  }

  /// Gives the range of each key's content (between its quotes), whether that holds an escape, and the value's range.
  @inline(__always)
  mutating func forEachMember(_ body: (Range<Int>, Bool, Range<Int>) throws -> Void) rethrows {
    guard enter(UInt8(ascii: "{")) else { return }
    while at < end, base[at] == UInt8(ascii: "\"") {
      let keyStart = at &+ 1
      let hasEscape = skipString()
      let keyEnd = max(keyStart, at &- 1)
      skipSpace()
      at &+= 1  // the colon
      guard let value = skipValue() else { return }
      try body(keyStart..<keyEnd, hasEscape, value)
      guard goOn() else { return }
    }
  }

  /// Gives the range of each element until `body` says false.
  @inline(__always)
  mutating func forEachElement(_ body: (Range<Int>) throws -> Bool) rethrows {
    guard enter(UInt8(ascii: "[")) else { return }
    while at < end, base[at] != UInt8(ascii: "]") {
      guard let value = skipValue(), try body(value), goOn() else { return }
    }
  }

  private mutating func enter(_ bracket: UInt8) -> Bool {
    skipSpace()
    guard at < end, base[at] == bracket else { return false }
    at &+= 1
    skipSpace()
    return true
  }

  /// Steps over a comma.
  @inline(__always)
  private mutating func goOn() -> Bool {
    skipSpace()
    guard at < end, base[at] == UInt8(ascii: ",") else { return false }
    at &+= 1
    skipSpace()
    return true
  }

  @inline(__always)
  private mutating func skipSpace() {
    while at < end, base[at] <= 0x20 { at &+= 1 }
  }

  @inline(__always)
  private mutating func skipValue() -> Range<Int>? {
    skipSpace()
    guard at < end else { return nil }
    let start = at
    switch base[at] {
    case UInt8(ascii: "\""): _ = skipString()
    case UInt8(ascii: "{"), UInt8(ascii: "["): skipContainer()
    default:
      while at < end, !isEnd(base[at]) { at &+= 1 }
    }
    return start < at ? start..<at : nil
  }

  @inline(__always)
  private func isEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") || byte <= 0x20
  }

  private mutating func skipContainer() {
    var depth = 0
    while at < end {
      switch base[at] {
      case UInt8(ascii: "\""):
        _ = skipString()
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth &+= 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth &-= 1
        if depth == 0 {
          at &+= 1
          return
        }
      default: break
      }
      at &+= 1
    }
  }

  /// Steps over a string; true when it holds an escape.
  @inline(__always)
  private mutating func skipString() -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    var hasEscape = false
    at &+= 1
    while at < end {
      if at &+ 8 <= end {
        let word = UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self).littleEndian
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let stops = (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)) & highs
        if stops == 0 {
          at &+= 8
          continue
        }
        at &+= stops.trailingZeroBitCount &>> 3
      }
      if base[at] == UInt8(ascii: "\\") {
        hasEscape = true
        at = min(at &+ 2, end)
      } else {
        at &+= 1
        if base[at &- 1] == UInt8(ascii: "\"") { return hasEscape }
      }
    }
    return hasEscape
  }
}
