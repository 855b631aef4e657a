extension RawJSON {
  public var kind: Kind {
    switch bytes.first {
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "\""): .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
    case UInt8(ascii: "n"), nil: .null
    default: .number
    }
  }

  public var isNull: Bool { kind == .null }

  public var bool: Bool? {
    switch bytes.first {
    case UInt8(ascii: "t"): true
    case UInt8(ascii: "f"): false
    default: nil
    }
  }

  /// The text that a JSON string stands for, its escapes resolved.
  public var string: String? {
    guard kind == .string, bytes.count >= 2 else { return nil }
    return stringContent.withUnsafeBufferPointer { content in
      content.contains(UInt8(ascii: "\\"))
        ? JSONUnescaping.string(content) : String(decoding: content, as: UTF8.self)
    }
  }

  /// What stands between the quotes of a JSON string, escapes as written; nil for other kinds.
  public var escapedContent: ArraySlice<UInt8>? {
    kind == .string && bytes.count >= 2 ? stringContent : nil
  }

  private var stringContent: ArraySlice<UInt8> { bytes[(bytes.startIndex + 1)..<(bytes.endIndex - 1)] }

  public var number: JSONNumber? {
    kind == .number ? bytes.withUnsafeBufferPointer { JSONNumber(scanned: $0) } : nil
  }

  /// The value when it is a whole number that fits: see ``JSONNumber/int``.
  public var int: Int? {
    guard kind == .number else { return nil }
    let isNegative = bytes.first == UInt8(ascii: "-")
    let digits = isNegative ? bytes.dropFirst() : bytes
    guard digits.count <= 18, digits.allSatisfy({ $0 &- 0x30 < 10 }) else { return number?.int }
    let value = digits.reduce(0) { $0 &* 10 &+ Int($1 &- 0x30) }
    return isNegative ? -value : value
  }

  public var double: Double? { number?.double }
}
