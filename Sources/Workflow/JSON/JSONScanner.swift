/// Reads the tokens of a JSON text, byte by byte, and refuses what RFC 8259 does not allow.
///
/// Works on memory that the caller keeps alive. Never recurses, so depth costs no stack.
/// - Source: RFC 8259; RFC 3629 section 4 for UTF-8.
struct JSONScanner {
  let base: UnsafePointer<UInt8>
  let end: Int
  let allowsNUL: Bool
  let maxDigits: Int
  var at = 0

  /// Reads `bytes`, which must not be empty of memory: an empty buffer is read from a static byte.
  init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits = JSONLimits()) {
    self.base = bytes.baseAddress ?? UnsafePointer(bitPattern: 1)!  // never read: end is 0 then
    self.end = bytes.count
    allowsNUL = limits.allowsNUL
    maxDigits = limits.maxDigits
  }

  @inline(__always)
  var byte: UInt8 { base[at] }

  @inline(__always)
  func fault(_ reason: JSONFault.Reason, at offset: Int? = nil) -> JSONFault {
    JSONFault(reason: reason, offset: offset ?? at)
  }

  @inline(__always)
  mutating func skipSpace() {
    while at < end {
      let byte = base[at]
      guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      at &+= 1
    }
  }

  /// Reads `true`, `false` or `null`, whose first letter stands here.
  mutating func scanWord(_ word: StaticString) throws(JSONFault) {
    let length = word.utf8CodeUnitCount
    guard end - at >= length else { throw fault(.expectedValue) }
    for index in 0..<length where base[at &+ index] != word.utf8Start[index] {
      throw fault(.expectedValue)
    }
    at &+= length
  }

  /// Reads a number, whose first character stands here.
  mutating func scanNumber() throws(JSONFault) {
    let start = at
    if byte == UInt8(ascii: "-") { at &+= 1 }
    if at < end, byte == UInt8(ascii: "0") {
      at &+= 1
      if at < end, isDigit { throw fault(.leadingZero, at: at - 1) }
    } else {
      try scanDigits(after: "'-'")
    }
    if at < end, byte == UInt8(ascii: ".") {
      at &+= 1
      try scanDigits(after: "'.'")
    }
    if at < end, byte | 0x20 == UInt8(ascii: "e") { try scanExponent(from: start) }
    if at &- start > maxDigits { throw fault(.tooManyDigits(limit: maxDigits), at: start) }
  }

  private mutating func scanExponent(from start: Int) throws(JSONFault) {
    at &+= 1
    if at < end, byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { at &+= 1 }
    let digits = at
    try scanDigits(after: "the exponent's 'e'")
    let exponent = (digits..<at).reduce(0) { min($0 * 10 + Int(base[$1] &- 0x30), 1 << 40) }
    if exponent > maxDigits { throw fault(.tooManyDigits(limit: maxDigits), at: start) }
  }

  @inline(__always)
  private var isDigit: Bool { byte &- 0x30 < 10 }

  @inline(__always)
  private mutating func scanDigits(after place: StaticString) throws(JSONFault) {
    guard at < end, isDigit else { throw fault(.missingDigits(after: place)) }
    repeat { at &+= 1 } while at < end && isDigit
  }

  /// Reads a string, whose opening quote stands here, past its closing quote; true when it holds an escape.
  mutating func scanString() throws(JSONFault) -> Bool {
    let start = at
    var hasEscape = false
    at &+= 1
    while true {
      skipPlain()
      guard at < end else { throw fault(.openString, at: start) }
      switch byte {
      case UInt8(ascii: "\""):
        at &+= 1
        return hasEscape
      case UInt8(ascii: "\\"):
        hasEscape = true
        try scanEscape(in: start)
      case 0x80...:
        try scanMultibyte()
      default:
        throw fault(.controlCharacter)
      }
    }
  }

  /// Skips printable ASCII that is neither quote nor backslash, eight bytes at a time.
  @inline(__always)
  private mutating func skipPlain() {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    while at &+ 8 <= end {
      let word = UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self).littleEndian
      let quote = word ^ (ones &* 0x22)
      let backslash = word ^ (ones &* 0x5C)
      let stops = ((quote &- ones) | (backslash &- ones) | (word &- (ones &* 0x20)) | word) & highs
      if stops != 0 {
        at &+= stops.trailingZeroBitCount &>> 3
        return
      }
      at &+= 8
    }
    while at < end, byte >= 0x20, byte < 0x80, byte != 0x22, byte != 0x5C { at &+= 1 }
  }

  private mutating func scanEscape(in start: Int) throws(JSONFault) {
    guard at &+ 1 < end else { throw fault(.openString, at: start) }
    switch base[at &+ 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      at &+= 2
    case UInt8(ascii: "u"):
      try scanUnicodeEscape()
    default:
      throw fault(.unknownEscape)
    }
  }

  private mutating func scanUnicodeEscape() throws(JSONFault) {
    let start = at
    let first = try hexadecimal()
    if first == 0, !allowsNUL { throw fault(.nul, at: start) }
    guard first & 0xF800 == 0xD800 else { return }
    guard first < 0xDC00, at &+ 1 < end, byte == UInt8(ascii: "\\"), base[at &+ 1] == UInt8(ascii: "u") else {
      throw fault(.loneSurrogate, at: start)
    }
    guard try hexadecimal() & 0xFC00 == 0xDC00 else { throw fault(.loneSurrogate, at: start) }
  }

  /// Reads `\uXXXX`.
  private mutating func hexadecimal() throws(JSONFault) -> UInt32 {
    guard let value = Self.hexadecimal(base, at: at &+ 2, end: end) else {
      throw fault(.brokenUnicodeEscape)
    }
    at &+= 6
    return value
  }

  /// The number that the four hexadecimal digits at `offset` write.
  static func hexadecimal(_ base: UnsafePointer<UInt8>, at offset: Int, end: Int) -> UInt32? {
    guard offset &+ 4 <= end else { return nil }
    var value: UInt32 = 0
    for index in offset..<offset &+ 4 {
      switch base[index] {
      case let digit where digit &- 0x30 < 10: value = value &<< 4 | UInt32(digit &- 0x30)
      case let letter where (letter | 0x20) &- 0x61 < 6: value = value &<< 4 | UInt32((letter | 0x20) &- 0x57)
      default: return nil
      }
    }
    return value
  }

  /// Reads the characters outside ASCII that stand here.
  private mutating func scanMultibyte() throws(JSONFault) {
    repeat {
      let length = multibyteLength()
      guard length > 0 else { throw fault(.notUTF8) }
      at &+= length
    } while at < end && byte >= 0x80
  }

  /// The length of the character here, 0 when its bytes are not UTF-8.
  @inline(__always)
  private func multibyteLength() -> Int {
    let lead = byte
    let left = end &- at
    guard left >= 2, lead >= 0xC2 else { return 0 }
    let second = base[at &+ 1]
    if lead < 0xE0 { return isTail(second) ? 2 : 0 }
    guard left >= 3, isTail(second), isTail(base[at &+ 2]) else { return 0 }
    if lead < 0xF0 {
      if lead == 0xE0, second < 0xA0 { return 0 }
      if lead == 0xED, second > 0x9F { return 0 }
      return 3
    }
    guard left >= 4, lead <= 0xF4, isTail(base[at &+ 3]) else { return 0 }
    if lead == 0xF0, second < 0x90 { return 0 }
    if lead == 0xF4, second > 0x8F { return 0 }
    return 4
  }

  @inline(__always)
  private func isTail(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
