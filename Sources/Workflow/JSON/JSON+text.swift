extension JSON {
  /// Reads one JSON text.
  ///
  /// Refuses a key that stands twice in one object and escapes of half a surrogate pair.
  public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) {
    self = try bytes.withUnsafeBufferPointer { Self.parsed($0, limits) }.get()
  }

  public init(parsing bytes: ArraySlice<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) {
    self = try bytes.withUnsafeBufferPointer { Self.parsed($0, limits) }.get()
  }

  public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) {
    var text = text
    self = try text.withUTF8 { Self.parsed($0, limits) }.get()
  }

  public init(parsing bytes: some Sequence<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) {
    try self.init(parsing: Array(bytes), limits: limits)
  }

  private static func parsed(
    _ bytes: UnsafeBufferPointer<UInt8>, _ limits: JSONLimits
  ) -> Result<JSON, JSONSyntaxError> {
    var parser = JSONParser(bytes, limits: limits)
    do throws(JSONFault) {
      return .success(try parser.parseDocument())
    } catch {
      return .failure(JSONSyntaxError(error, in: bytes))
    }
  }

  /// The compact text: no white space, keys in their order, numbers as they were written.
  public func serialized() -> String {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the compact text.
  public func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    case .number(let number): bytes.append(contentsOf: number.text.utf8)
    case .string(let string): Self.write(string: string, to: &bytes)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        element.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let object):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in object.members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.write(string: member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// Appends `string` as a JSON string, quotes included.
  public static func write(string: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    write(contentOf: string, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends `string` escaped for the inside of a JSON string.
  public static func write(contentOf string: String, to bytes: inout [UInt8]) {
    var string = string
    string.withUTF8 { content in
      var plain = 0
      for (index, byte) in content.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: content[plain..<index]))
        plain = index + 1
        write(escaped: byte, to: &bytes)
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: content[plain...]))
    }
  }

  private static func write(escaped byte: UInt8, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x22, 0x5C: bytes.append(byte)
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    default:
      bytes.append(contentsOf: byte < 0x10 ? "u000".utf8 : "u001".utf8)
      bytes.append(contentsOf: String(byte & 0x0F, radix: 16).utf8)
    }
  }

  /// `string` as a JSON string, as messages quote it.
  static func quoted(_ string: String) -> String { JSON.string(string).serialized() }
}
