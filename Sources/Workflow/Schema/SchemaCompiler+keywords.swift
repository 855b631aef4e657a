extension SchemaCompiler {
  func numbers(_ object: JSONObject, _ location: SchemaLocation) throws(SchemaError) -> Subschema.Numbers? {
    var rules = Subschema.Numbers()
    rules.minimum = object["minimum"]?.numberValue
    rules.maximum = object["maximum"]?.numberValue
    rules.exclusiveMinimum = object["exclusiveMinimum"]?.numberValue
    rules.exclusiveMaximum = object["exclusiveMaximum"]?.numberValue
    if let divisor = object["multipleOf"]?.numberValue {
      let value = JSONDecimal(divisor.text)
      guard value.isMultiple(of: value) != nil else {
        throw SchemaError(.badDivisor(divisor.text), at: location.pointer)
      }
      rules.divisor = (divisor.text, value)
    }
    let isEmpty =
      rules.minimum == nil && rules.maximum == nil && rules.exclusiveMinimum == nil
      && rules.exclusiveMaximum == nil && rules.divisor == nil
    return isEmpty ? nil : rules
  }

  func strings(_ object: JSONObject, _ location: SchemaLocation) throws(SchemaError) -> Subschema.Strings? {
    guard object["minLength"] != nil || object["maxLength"] != nil || object["pattern"] != nil else { return nil }
    var rules = Subschema.Strings()
    rules.minLength = Self.count(object["minLength"]) ?? 0
    rules.maxLength = Self.count(object["maxLength"]) ?? .max
    if let pattern = object["pattern"]?.stringValue { rules.pattern = try self.pattern(pattern, location) }
    return rules
  }

  mutating func arrays(_ object: JSONObject, _ location: SchemaLocation) throws(SchemaError) -> Subschema.Arrays? {
    var rules = Subschema.Arrays()
    if case .array(let schemas)? = object["items"] {
      rules.tuple = try list(schemas, location.appending("items"))
      rules.additional = try subschema("additionalItems", object, location)
    } else {
      rules.each = try subschema("items", object, location)
    }
    rules.contains = try subschema("contains", object, location)
    rules.minItems = Self.count(object["minItems"]) ?? 0
    rules.maxItems = Self.count(object["maxItems"]) ?? .max
    rules.isUnique = object["uniqueItems"]?.boolValue ?? false
    let isEmpty =
      rules.tuple == nil && rules.each == nil && rules.contains == nil && rules.minItems == 0
      && rules.maxItems == .max && !rules.isUnique
    return isEmpty ? nil : rules
  }

  private static let objectKeywords = [
    "properties", "patternProperties", "additionalProperties", "propertyNames", "required", "dependencies",
    "minProperties", "maxProperties",
  ]

  mutating func objects(_ object: JSONObject, _ location: SchemaLocation) throws(SchemaError) -> Subschema.Objects? {
    guard Self.objectKeywords.contains(where: { object[$0] != nil }) else { return nil }
    var rules = Subschema.Objects()
    for (key, schema) in object["properties"]?.objectValue?.members ?? [] {
      let member = try place(of: schema, at: location.appending("properties", key))
      rules.properties.append((key, member))
      rules.places[JSONText(key)] = member
    }
    for (key, schema) in object["patternProperties"]?.objectValue?.members ?? [] {
      let place = location.appending("patternProperties", key)
      rules.patterns.append((try pattern(key, place), try self.place(of: schema, at: place)))
    }
    rules.additional = try subschema("additionalProperties", object, location)
    rules.names = try subschema("propertyNames", object, location)
    rules.required = object["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
    rules.minProperties = Self.count(object["minProperties"]) ?? 0
    rules.maxProperties = Self.count(object["maxProperties"]) ?? .max
    for (key, value) in object["dependencies"]?.objectValue?.members ?? [] {
      if case .array(let others) = value {
        rules.requiredWith.append((key, others.compactMap(\.stringValue)))
      } else {
        rules.appliedWith.append((key, try place(of: value, at: location.appending("dependencies", key))))
      }
    }
    return rules
  }

  mutating func combinations(
    _ object: JSONObject, _ location: SchemaLocation
  ) throws(SchemaError) -> Subschema.Combinations? {
    var rules = Subschema.Combinations()
    if let all = object["allOf"]?.arrayValue { rules.all = try list(all, location.appending("allOf")) }
    if let any = object["anyOf"]?.arrayValue { rules.any = try list(any, location.appending("anyOf")) }
    if let one = object["oneOf"]?.arrayValue { rules.one = try list(one, location.appending("oneOf")) }
    rules.none = try subschema("not", object, location)
    if let test = try subschema("if", object, location) {
      let then = try subschema("then", object, location)
      let otherwise = try subschema("else", object, location)
      if then != nil || otherwise != nil { rules.condition = (test, then, otherwise) }
    }
    let isEmpty =
      rules.all.isEmpty && rules.any == nil && rules.one == nil && rules.none == nil && rules.condition == nil
    return isEmpty ? nil : rules
  }

  private mutating func subschema(
    _ keyword: String, _ object: JSONObject, _ location: SchemaLocation
  ) throws(SchemaError) -> Int? {
    guard let schema = object[keyword] else { return nil }
    return try place(of: schema, at: location.appending(keyword))
  }

  private mutating func list(_ schemas: [JSON], _ location: SchemaLocation) throws(SchemaError) -> [Int] {
    var places: [Int] = []
    for (index, schema) in schemas.enumerated() {
      places.append(try place(of: schema, at: location.appending(String(index))))
    }
    return places
  }

  private func pattern(_ text: String, _ location: SchemaLocation) throws(SchemaError) -> SchemaPattern {
    do throws(SchemaPattern.Reason) {
      return try SchemaPattern(text, maxBytes: limits.maxPatternBytes)
    } catch {
      throw SchemaError(.badPattern(text, reason: error.text), at: location.pointer)
    }
  }

  /// A count; one that is too large for an `Int` is as good as the largest.
  private static func count(_ value: JSON?) -> Int? {
    guard case .number(let number)? = value else { return nil }
    return number.int ?? .max
  }
}
