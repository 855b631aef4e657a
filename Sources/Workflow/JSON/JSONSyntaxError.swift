/// Why a text is not the JSON that was asked for, and where.
public struct JSONSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The byte at which the reader gave up, from 0.
  public let offset: Int
  /// From 1.
  public let line: Int
  /// From 1, in Unicode scalars.
  public let column: Int
  /// What is wrong and how to mend it, without the place.
  public let message: String

  public init(offset: Int, line: Int, column: Int, message: String) {
    self.offset = offset
    self.line = line
    self.column = column
    self.message = message
  }

  init(_ fault: JSONFault, in bytes: UnsafeBufferPointer<UInt8>) {
    let position = JSONPosition(of: fault.offset, in: bytes)
    self.init(
      offset: fault.offset, line: position.line, column: position.column,
      message: Self.message(for: fault, in: bytes))
  }

  public var position: JSONPosition { JSONPosition(line: line, column: column) }

  public var description: String { "line \(line), column \(column): \(message)" }

  private static func message(for fault: JSONFault, in bytes: UnsafeBufferPointer<UInt8>) -> String {
    let found = found(at: fault.offset, in: bytes)
    return switch fault.reason {
    case .expectedValue: expectedValue(at: fault.offset, in: bytes)
    case .expectedKey: "expected a key in double quotes or '}', found \(found)"
    case .expectedColon: "expected ':' after the key, found \(found)"
    case .expectedCommaOrEnd(array: true): "expected ',' or ']' after the element, found \(found)"
    case .expectedCommaOrEnd(array: false): "expected ',' or '}' after the member, found \(found)"
    case .trailingComma: "a ',' stands before \(found); remove it"
    case .trailingContent: "expected nothing after the value, found \(found)"
    case .byteOrderMark: "the text begins with a byte order mark; save it as UTF-8 without one"
    case .leadingZero: "a number cannot begin with 0 and go on with digits; remove the 0"
    case .missingDigits(let place): "expected a digit after \(place) of the number, found \(found)"
    case .openString: "the string that begins here has no closing quote"
    case .controlCharacter:
      "\(found) cannot stand in a string as it is; write it as \(escape(of: bytes[fault.offset]))"
    case .unknownEscape:
      "a string knows the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX only; write \\\\ for a backslash"
    case .brokenUnicodeEscape: "expected four hexadecimal digits after \\u"
    case .loneSurrogate:
      "this \\u escape is half of a surrogate pair, which names no character; write both halves"
    case .nul: "the character \\u0000 cannot be stored; remove it"
    case .tooManyDigits(let limit): "the number has more than \(limit) digits when it is written in full; round it"
    case .notUTF8: "the byte \(hexadecimal(bytes[fault.offset])) is not valid UTF-8 here; save the text as UTF-8"
    case .tooDeep(let limit): "nested deeper than \(limit) levels, which is the limit"
    case .tooLong(let limit): "the text has \(bytes.count) bytes, the limit is \(limit)"
    case .duplicateKey(let key, let first):
      "the key \(JSON.quoted(key)) stands twice in one object, first at "
        + "\(JSONPosition(of: first, in: bytes)); keep one"
    }
  }

  private static func expectedValue(at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> String {
    let found = found(at: offset, in: bytes)
    guard offset < bytes.count else { return "expected a value, found \(found)" }
    let hint =
      switch bytes[offset] {
      case UInt8(ascii: "'"): "; strings stand in double quotes"
      case UInt8(ascii: "/"), UInt8(ascii: "#"): "; JSON has no comments"
      case UInt8(ascii: "+"), UInt8(ascii: "."): "; a number begins with a digit or '-'"
      case UInt8(ascii: "N"), UInt8(ascii: "I"): "; write null for what is no number"
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
        "; the only bare words are true, false and null"
      default: ""
      }
    return "expected a value, found \(found)\(hint)"
  }

  /// The character at `offset` in words.
  private static func found(at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> String {
    guard offset < bytes.count else { return "the end of the text" }
    switch bytes[offset] {
    case 0x0A, 0x0D: return "a line break"
    case 0x09: return "a tab"
    case UInt8(ascii: "'"): return "\"'\""
    case 0x20..<0x7F: return "'\(Character(Unicode.Scalar(bytes[offset])))'"
    case 0x80...:
      var decoder = UTF8()
      var rest = bytes[offset...].makeIterator()
      if case .scalarValue(let scalar) = decoder.decode(&rest) { return "'\(Character(scalar))'" }
      return "the byte \(hexadecimal(bytes[offset]))"
    default: return "the control character \(hexadecimal(bytes[offset]))"
    }
  }

  private static func escape(of byte: UInt8) -> String {
    switch byte {
    case 0x0A: "\\n"
    case 0x0D: "\\r"
    case 0x09: "\\t"
    default: "\\u00\(digits(byte))"
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String { "0x\(digits(byte))" }

  private static func digits(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16, uppercase: true)
    return byte < 16 ? "0\(text)" : text
  }
}
