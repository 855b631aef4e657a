/// The types that the keyword `type` names, as a set.
struct SchemaTypes: OptionSet, Sendable {
  let rawValue: UInt8

  static let null = SchemaTypes(rawValue: 1)
  static let boolean = SchemaTypes(rawValue: 2)
  static let integer = SchemaTypes(rawValue: 4)
  static let number = SchemaTypes(rawValue: 8)
  static let string = SchemaTypes(rawValue: 16)
  static let array = SchemaTypes(rawValue: 32)
  static let object = SchemaTypes(rawValue: 64)

  private static let names: [(name: String, type: SchemaTypes, phrase: String)] = [
    ("integer", .integer, "an integer"), ("number", .number, "a number"), ("string", .string, "a string"),
    ("boolean", .boolean, "true or false"), ("array", .array, "an array"), ("object", .object, "an object"),
    ("null", .null, "null"),
  ]

  init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Reads the keyword's value, a name or an array of names.
  init(_ keyword: JSON) {
    let names = keyword.arrayValue?.compactMap(\.stringValue) ?? [keyword.stringValue ?? ""]
    self = Self.names.reduce(into: []) { types, row in
      if names.contains(row.name) { types.insert(row.type) }
    }
  }

  func admits(_ value: JSON) -> Bool {
    switch value {
    case .null: contains(.null)
    case .bool: contains(.boolean)
    case .number(let number): contains(.number) || (contains(.integer) && number.isWhole)
    case .string: contains(.string)
    case .array: contains(.array)
    case .object: contains(.object)
    }
  }

  /// "an integer or null".
  var phrase: String {
    Self.names.filter { contains($0.type) }.map(\.phrase).joined(separator: " or ")
  }
}
