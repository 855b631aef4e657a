/// Checks RFC 8259 in one pass and without recursion.
struct JSONValidator {
  static let deepest = 512

  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0
  private var open: [UInt8] = []

  /// The part of `bytes` that is the value, without white space around it.
  static func value(in bytes: [UInt8]) throws(JSONTextError) -> ArraySlice<UInt8> {
    let range: Result<Range<Int>, JSONTextError> = bytes.withUnsafeBufferPointer { buffer in
      Result { () throws(JSONTextError) in
        if (try? UTF8Span(validating: buffer.span)) == nil {  // the error says no more than that
          throw JSONTextError("is not valid UTF-8", at: 0, in: buffer)
        }
        var validator = JSONValidator(bytes: buffer)
        return try validator.whole()
      }
    }
    return bytes[try range.get()]
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  private mutating func whole() throws(JSONTextError) -> Range<Int> {
    skipSpace()
    let start = at
    try value()
    while let container = open.last {
      skipSpace()
      switch (container, peek) {
      case (_, UInt8(ascii: ",")):
        at += 1
        if container == UInt8(ascii: "{") { try key() }
        try value()
      case (UInt8(ascii: "{"), UInt8(ascii: "}")), (UInt8(ascii: "["), UInt8(ascii: "]")):
        at += 1
        open.removeLast()
      default: throw problem(container == UInt8(ascii: "{") ? "expected ',' or '}'" : "expected ',' or ']'")
      }
    }
    let end = at
    skipSpace()
    if at < bytes.count { throw problem("more text after the value") }
    return start..<end
  }

  /// One scalar or empty container, or the way down to the first scalar of nested ones.
  private mutating func value() throws(JSONTextError) {
    while true {
      skipSpace()
      guard let first = peek else { throw problem("the text ends where a value should be") }
      switch first {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if open.count == Self.deepest { throw problem("more than \(Self.deepest) levels deep") }
        at += 1
        skipSpace()
        if peek == first + 2 {  // "}" is two after "{", "]" two after "["
          at += 1
          return
        }
        open.append(first)
        if first == UInt8(ascii: "{") { try key() }
        continue
      case UInt8(ascii: "\""): try string()
      case UInt8(ascii: "t"): try word("true")
      case UInt8(ascii: "f"): try word("false")
      case UInt8(ascii: "n"): try word("null")
      default: try number()
      }
      return
    }
  }

  private mutating func key() throws(JSONTextError) {
    skipSpace()
    guard peek == UInt8(ascii: "\"") else { throw problem("expected a key in double quotes") }
    try string()
    skipSpace()
    guard peek == UInt8(ascii: ":") else { throw problem("expected ':' after the key") }
    at += 1
  }

  private mutating func string() throws(JSONTextError) {
    at += 1
    while let byte = peek {
      at += 1
      if byte == UInt8(ascii: "\"") { return }
      if byte < 0x20 {
        at -= 1
        throw problem("a control character in a string must be escaped")
      }
      guard byte == UInt8(ascii: "\\") else { continue }
      guard let escaped = peek, Self.escapable.contains(escaped) else { throw problem("unknown escape") }
      at += 1
      guard escaped == UInt8(ascii: "u") else { continue }
      for _ in 0..<4 {
        guard let digit = peek, JSONScanner.hexDigit(digit) != nil else { throw problem("\\u needs four hex digits") }
        at += 1
      }
    }
    throw problem("the text ends inside a string")
  }

  private static let escapable = Array("\"\\/bfnrtu".utf8)

  private mutating func word(_ word: StaticString) throws(JSONTextError) {
    let end = at + word.utf8CodeUnitCount
    guard end <= bytes.count,
      bytes[at..<end].elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    else { throw problem("not a JSON value") }
    at = end
  }

  private mutating func number() throws(JSONTextError) {
    if peek == UInt8(ascii: "-") { at += 1 }
    let leadingZero = peek == UInt8(ascii: "0")
    let whole = try digits("not a JSON value")
    if leadingZero, whole > 1 { throw problem("a number must not begin with 0") }
    if peek == UInt8(ascii: ".") {
      at += 1
      _ = try digits("expected a digit after '.'")
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      at += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { at += 1 }
      _ = try digits("expected a digit in the exponent")
    }
  }

  private mutating func digits(_ otherwise: String) throws(JSONTextError) -> Int {
    let start = at
    while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { at += 1 }
    if at == start { throw problem(otherwise) }
    return at - start
  }

  private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func skipSpace() { at = JSONScanner.skipSpace(bytes, at) }

  private func problem(_ message: String) -> JSONTextError { JSONTextError(message, at: at, in: bytes) }
}
