// What the rules read out of a JSON Schema without checking a value against it.
extension JSON {
  /// The names of the properties of an object's schema.
  var schemaProperties: [String] { self["properties"]?.objectValue?.keys ?? [] }

  /// The names that an object of this schema may have; nil when it may have others or the schema does not say it plainly.
  var closedProperties: [String]? {
    guard self["additionalProperties"] == .bool(false), self["properties"] != nil, self["patternProperties"] == nil else {
      return nil
    }
    return schemaProperties
  }

  var requiredProperties: [String] { (self["required"]?.arrayValue ?? []).compactMap(\.stringValue) }

  /// The types that a schema names; nil when it does not say them plainly.
  var schemaTypes: Set<String>? {
    if self["$ref"] != nil { return nil }
    switch self["type"] {
    case .string(let type)?: return [type]
    case .array(let types)?: return Set(types.compactMap(\.stringValue))
    case nil:
      guard let forms = self["anyOf"]?.arrayValue?.map(\.schemaTypes), !forms.contains(nil) else { return nil }
      return forms.reduce(into: []) { $0.formUnion($1 ?? []) }
    default: return nil
    }
  }

  /// The same schema, checking only the properties that are there.
  var partial: JSON {
    var object = JSONObject([("type", .string("object"))])
    for key in ["$schema", "definitions", "properties"] {
      if let value = self[key] { object.append(key, value) }
    }
    return .object(object)
  }
}
