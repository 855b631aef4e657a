/// A JSON value and the byte at which it begins.
struct LocatedValue: Sendable {
  struct Member: Sendable {
    let name: String
    /// The byte of the name's first quote.
    let offset: Int
    let value: LocatedValue
  }

  enum Content: Sendable {
    case object([Member])
    case array([LocatedValue])
    case scalar(JSON)
  }

  let offset: Int
  let content: Content

  var json: JSON {
    switch content {
    case .object(let members): .object(JSONObject(members.map { ($0.name, $0.value.json) }))
    case .array(let elements): .array(elements.map(\.json))
    case .scalar(let value): value
    }
  }

  /// `the string "x"`, `an array`: for messages.
  var spoken: String {
    switch content {
    case .object: return "an object"
    case .array: return "an array"
    case .scalar(.string(let text)): return "the string \"\(text.count > 60 ? text.prefix(60) + "…" : text)\""
    case .scalar(.number(let number)): return "the number \(number.text)"
    case .scalar(let value): return value.serialized()
    }
  }

  /// Reads bytes that are known to be one valid JSON value.
  struct Reader {
    let bytes: [UInt8]
    private var next = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func value() -> LocatedValue {
      skipSpace()
      let start = next
      switch bytes[next] {
      case UInt8(ascii: "{"): return LocatedValue(offset: start, content: .object(members()))
      case UInt8(ascii: "["): return LocatedValue(offset: start, content: .array(elements()))
      case UInt8(ascii: "\""): skipString()
      default:
        while next < bytes.count, !LocatedValue.endsScalar(bytes[next]) { next += 1 }
      }
      return LocatedValue(offset: start, content: .scalar(RawJSON(unchecked: bytes[start..<next]).parsed()))
    }

    private mutating func members() -> [Member] {
      var members: [Member] = []
      next += 1
      while true {
        skipSpace()
        if bytes[next] == UInt8(ascii: "}") { break }
        if bytes[next] == UInt8(ascii: ",") {
          next += 1
          skipSpace()
        }
        let start = next
        skipString()
        let name = RawJSON(unchecked: bytes[start..<next]).string ?? ""
        skipSpace()
        next += 1
        members.append(Member(name: name, offset: start, value: value()))
      }
      next += 1
      return members
    }

    private mutating func elements() -> [LocatedValue] {
      var elements: [LocatedValue] = []
      next += 1
      while true {
        skipSpace()
        if bytes[next] == UInt8(ascii: "]") { break }
        if bytes[next] == UInt8(ascii: ",") { next += 1 }
        elements.append(value())
      }
      next += 1
      return elements
    }

    private mutating func skipString() {
      next += 1
      while bytes[next] != UInt8(ascii: "\"") { next += bytes[next] == UInt8(ascii: "\\") ? 2 : 1 }
      next += 1
    }

    private mutating func skipSpace() {
      while next < bytes.count, LocatedValue.isSpace(bytes[next]) { next += 1 }
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

  private static func endsScalar(_ byte: UInt8) -> Bool {
    isSpace(byte) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
  }
}
