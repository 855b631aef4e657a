extension SchemaCheck {
  mutating func checkKind(_ subschema: Subschema, _ value: JSON) -> Bool {
    guard let types = subschema.types, !types.admits(value) else { return true }
    let subschemas = subschemas
    return fail(
      "type", SchemaPhrase.expectation(of: subschema, in: subschemas), SchemaPhrase.rendering(value, withKind: true),
      suggestion: SchemaPhrase.otherSpelling(of: value, for: types))
  }

  mutating func checkConstant(_ subschema: Subschema, _ value: JSON) -> Bool {
    guard let constant = subschema.constant, !constant.isEquivalent(to: value) else { return true }
    return fail("const", SchemaPhrase.rendering(constant), SchemaPhrase.rendering(value))
  }

  mutating func checkAllowed(_ subschema: Subschema, _ value: JSON) -> Bool {
    guard let allowed = subschema.allowed else { return true }
    guard spend(allowed.count) else { return false }
    if allowed.contains(where: { $0.isEquivalent(to: value) }) { return true }
    return fail(
      "enum", SchemaPhrase.choice(allowed), SchemaPhrase.rendering(value),
      suggestion: value.stringValue.flatMap {
        Suggestion.nearest(to: $0, among: allowed.compactMap(\.stringValue))
      }.map { "Did you mean \(JSON.quoted($0))?" })
  }

  mutating func checkNumber(_ rules: Subschema.Numbers, _ number: JSONNumber) -> Bool {
    var fits = true
    if let bound = rules.minimum, number.compare(to: bound) < 0 {
      fits = fail("minimum", "at least \(bound)", SchemaPhrase.rendering(.number(number)))
    }
    if let bound = rules.maximum, number.compare(to: bound) > 0 {
      fits = fail("maximum", "at most \(bound)", SchemaPhrase.rendering(.number(number)))
    }
    if let bound = rules.exclusiveMinimum, number.compare(to: bound) <= 0 {
      fits = fail("exclusiveMinimum", "more than \(bound)", SchemaPhrase.rendering(.number(number)))
    }
    if let bound = rules.exclusiveMaximum, number.compare(to: bound) >= 0 {
      fits = fail("exclusiveMaximum", "less than \(bound)", SchemaPhrase.rendering(.number(number)))
    }
    if let divisor = rules.divisor, JSONDecimal(number.text).isMultiple(of: divisor.value) != true {
      fits = fail("multipleOf", "a multiple of \(divisor.text)", SchemaPhrase.rendering(.number(number)))
    }
    return fits
  }

  mutating func checkString(_ rules: Subschema.Strings, _ string: String) -> Bool {
    var fits = true
    if rules.minLength > 0 || rules.maxLength < .max {
      let length = string.unicodeScalars.count
      let given = "\(length) (\(SchemaPhrase.rendering(.string(string))))"
      if length < rules.minLength {
        fits = fail("minLength", "at least \(SchemaPhrase.count(rules.minLength, "character"))", given)
      }
      if length > rules.maxLength {
        fits = fail("maxLength", "at most \(SchemaPhrase.count(rules.maxLength, "character"))", given)
      }
    }
    if let pattern = rules.pattern, spend(1 + string.utf8.count / 64), !pattern.matches(string) {
      fits = fail(
        "pattern", "a string that matches \(SchemaPhrase.short(pattern.text))", SchemaPhrase.rendering(.string(string)))
    }
    return fits
  }
}
