extension JSONText {
  public static let null = JSONText(unchecked: Array("null".utf8)[...])

  public init(_ value: Bool) {
    self.init(unchecked: Array((value ? "true" : "false").utf8)[...])
  }

  public init(_ value: some BinaryInteger) {
    self.init(unchecked: Array(String(value).utf8)[...])
  }

  /// The shortest text that reads back as `value`; `null` for what JSON has no number for.
  public init(_ value: Double) {
    self.init(unchecked: Array((value.isFinite ? "\(value)" : "null").utf8)[...])
  }

  /// A JSON string of these characters.
  public init(_ value: String) {
    var out: [UInt8] = []
    out.reserveCapacity(value.utf8.count + 2)
    out.append(UInt8(ascii: "\""))
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
      case 0x0A: out += Array(#"\n"#.utf8)
      case 0x0D: out += Array(#"\r"#.utf8)
      case 0x09: out += Array(#"\t"#.utf8)
      case 0..<0x20: out += Array((byte < 0x10 ? #"\u000"# : #"\u00"#).utf8) + Array(String(byte, radix: 16).utf8)
      default: out.append(byte)
      }
    }
    out.append(UInt8(ascii: "\""))
    self.init(unchecked: out[...])
  }

  public static func array(_ elements: some Sequence<JSONText>) -> JSONText {
    joined(elements.lazy.map(\.bytes), open: "[", close: "]")
  }

  /// An object with these members in this order; a nil value leaves its member out.
  public static func object(_ members: KeyValuePairs<String, JSONText?>) -> JSONText {
    let parts = members.compactMap { key, value in
      value.map { JSONText(key).bytes + [UInt8(ascii: ":")] + $0.bytes }
    }
    return joined(parts, open: "{", close: "}")
  }

  private static func joined(_ parts: some Sequence<ArraySlice<UInt8>>, open: Unicode.Scalar, close: Unicode.Scalar) -> JSONText {
    var out = [UInt8(ascii: open)]
    for part in parts {
      if out.count > 1 { out.append(UInt8(ascii: ",")) }
      out += part
    }
    out.append(UInt8(ascii: close))
    return JSONText(unchecked: out[...])
  }
}
