/// One JSON value as the text it was written in.
///
/// What is read from it and put back elsewhere is the same text, byte for byte: `0.49`, `10.0` and
/// `12345678901234567890` stay what they are, and so do key order, escapes and white space. Use it for documents that
/// pass through a handler, such as STAC items; use `Codable` for params and results. A part shares the whole's bytes.
/// Two texts are equal when their bytes are.
public struct JSONText: Sendable, Hashable {
  /// RFC 8259 text, valid UTF-8, without white space around it.
  public let bytes: ArraySlice<UInt8>

  /// Checks that `bytes` are one JSON value, at most 512 levels deep, with nothing but white space around it.
  public init(validating bytes: [UInt8]) throws(JSONTextError) {
    self.bytes = try JSONValidator.value(in: bytes)
  }

  public init(validating text: String) throws(JSONTextError) {
    try self.init(validating: Array(text.utf8))
  }

  /// For text that this module checked or wrote.
  init(unchecked bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
  }

  public enum Kind: Sendable {
    case null, bool, number, string, array, object
  }

  public var kind: Kind {
    switch bytes.first {
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "\""): .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
    case UInt8(ascii: "n"): .null
    default: .number
    }
  }

  public var text: String { String(decoding: bytes, as: UTF8.self) }

  public var isNull: Bool { kind == .null }

  /// The characters of a string; nil for another kind.
  public var string: String? {
    kind == .string ? JSONScanner.decoded(bytes) : nil
  }

  /// A number written as an integer that fits; nil for `1.0`, for `1e3` and for another kind.
  public var int: Int? {
    kind == .number ? Int(text) : nil
  }

  public var double: Double? {
    kind == .number ? Double(text) : nil
  }

  public var bool: Bool? {
    kind == .bool ? bytes.first == UInt8(ascii: "t") : nil
  }

  /// The value of a member; nil if there is none or this is no object. Of a repeated key the last counts, as in jsonb.
  public subscript(key: String) -> JSONText? {
    guard kind == .object else { return nil }
    let wanted = Array(key.utf8)
    var found: JSONText?
    JSONScanner.forEachPart(of: bytes) { part in
      if JSONScanner.key(bytes[part.key], equals: wanted) { found = JSONText(unchecked: bytes[part.value]) }
    }
    return found
  }

  /// The members of an object in their order; none of another kind.
  public var members: [(key: String, value: JSONText)] {
    guard kind == .object else { return [] }
    var all: [(key: String, value: JSONText)] = []
    JSONScanner.forEachPart(of: bytes) { part in
      all.append((JSONScanner.decoded(bytes[part.key]), JSONText(unchecked: bytes[part.value])))
    }
    return all
  }

  /// The elements of an array; none of another kind.
  public var elements: [JSONText] {
    var all: [JSONText] = []
    forEachElement { all.append($0) }
    return all
  }

  /// Calls `body` for each element of an array, without an array of them all; never for another kind.
  public func forEachElement(_ body: (JSONText) throws -> Void) rethrows {
    guard kind == .array else { return }
    try JSONScanner.forEachPart(of: bytes) { part in try body(JSONText(unchecked: bytes[part.value])) }
  }
}

extension JSONText: CustomStringConvertible {
  public var description: String { text }
}
