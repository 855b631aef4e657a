extension SchemaCheck {
  mutating func checkArray(_ rules: Subschema.Arrays, _ elements: [JSON]) -> Bool {
    var fits = checkCount(rules, elements)
    for (index, element) in elements.enumerated() {
      guard fits || collects else { return false }
      guard let place = Self.rule(for: index, rules) else { break }
      fits = descend(.element(index)) { $0.check(place, element) } && fits
    }
    guard fits || collects else { return false }
    if let wanted = rules.contains {
      let isThere = silently { check in elements.contains { check.check(wanted, $0) } }
      if !isThere {
        let subschemas = subschemas
        fits = fail(
          "contains", "an element that is \(SchemaPhrase.expectation(of: subschemas[wanted], in: subschemas))",
          elements.isEmpty ? "an empty array" : "\(SchemaPhrase.count(elements.count, "element")) without one")
      }
    }
    if rules.isUnique { fits = checkUnique(elements) && fits }
    return fits
  }

  private mutating func checkCount(_ rules: Subschema.Arrays, _ elements: [JSON]) -> Bool {
    if elements.count < rules.minItems {
      return fail(
        "minItems", "at least \(SchemaPhrase.count(rules.minItems, "element"))", "\(elements.count)")
    }
    if elements.count > rules.maxItems {
      return fail("maxItems", "at most \(SchemaPhrase.count(rules.maxItems, "element"))", "\(elements.count)")
    }
    return true
  }

  private static func rule(for index: Int, _ rules: Subschema.Arrays) -> Int? {
    guard let tuple = rules.tuple else { return rules.each }
    return index < tuple.count ? tuple[index] : rules.additional
  }

  private mutating func checkUnique(_ elements: [JSON]) -> Bool {
    guard elements.count > 1, spend(elements.count) else { return elements.count <= 1 }
    var fits = true
    var seen: [JSONMeaning: Int] = [:]
    for (index, element) in elements.enumerated() {
      guard let first = seen[JSONMeaning(value: element)] else {
        seen[JSONMeaning(value: element)] = index
        continue
      }
      fits = fail(
        "uniqueItems", "an element unlike element \(first)", SchemaPhrase.rendering(element),
        at: .element(index))
      guard collects else { return false }
    }
    return fits
  }

  mutating func checkObject(_ rules: Subschema.Objects, _ object: JSONObject) -> Bool {
    var fits = checkCount(rules, object)
    for (key, value) in object.members {
      guard fits || collects else { return false }
      fits = descend(.member(key)) { $0.checkMember(rules, key, value, of: object) } && fits
    }
    guard fits || collects else { return false }
    for key in rules.required where object[key] == nil {
      fits = failMissing(key, "required", rules, object, because: "which is required")
      guard collects else { return false }
    }
    for (key, others) in rules.requiredWith where object[key] != nil {
      for other in others where object[other] == nil {
        fits = failMissing(
          other, "dependencies", rules, object, because: "which \(JSON.quoted(SchemaPhrase.short(key))) requires")
        guard collects else { return false }
      }
    }
    for (key, place) in rules.appliedWith where object[key] != nil {
      fits = check(place, .object(object)) && fits
    }
    return fits
  }

  private mutating func checkCount(_ rules: Subschema.Objects, _ object: JSONObject) -> Bool {
    if object.count < rules.minProperties {
      return fail(
        "minProperties", "at least \(SchemaPhrase.count(rules.minProperties, "member"))", "\(object.count)")
    }
    if object.count > rules.maxProperties {
      return fail(
        "maxProperties", "at most \(SchemaPhrase.count(rules.maxProperties, "member"))", "\(object.count)")
    }
    return true
  }

  private mutating func checkMember(
    _ rules: Subschema.Objects, _ key: String, _ value: JSON, of object: JSONObject
  ) -> Bool {
    var fits = true
    var isKnown = false
    if let names = rules.names { fits = checkName(names, key) }
    if let place = rules.places[JSONText(key)] {
      isKnown = true
      fits = check(place, value) && fits
    }
    if !rules.patterns.isEmpty, spend(rules.patterns.count) {
      for (pattern, place) in rules.patterns where pattern.matches(key) {
        isKnown = true
        fits = check(place, value) && fits
      }
    }
    guard !isKnown, let additional = rules.additional else { return fits }
    guard case .refusesAll = subschemas[additional].kind else { return check(additional, value) && fits }
    return failUnknown(key, rules, object)
  }

  private mutating func failUnknown(_ key: String, _ rules: Subschema.Objects, _ object: JSONObject) -> Bool {
    let missing = rules.properties.map(\.key).filter { object[$0] == nil }
    return fail(
      "additionalProperties",
      rules.properties.isEmpty
        ? "no such member" : "one of the members \(SchemaPhrase.list(rules.properties.map(\.key)))",
      "the unknown member \(JSON.quoted(SchemaPhrase.short(key)))",
      suggestion: Suggestion.nearest(to: key, among: missing).map { "Did you mean \(JSON.quoted($0))?" })
  }

  private mutating func failMissing(
    _ key: String, _ keyword: String, _ rules: Subschema.Objects, _ object: JSONObject, because reason: String
  ) -> Bool {
    let expected =
      rules.places[JSONText(key)].map { SchemaPhrase.expectation(of: subschemas[$0], in: subschemas) } ?? "a value"
    let unknown = object.keys.filter { rules.places[JSONText($0)] == nil }
    return fail(
      keyword, "\(expected), \(reason)", "nothing",
      suggestion: Suggestion.nearest(to: key, among: unknown).map {
        "Is it what stands there as \(JSON.quoted($0))?"
      }, at: .member(key))
  }

  private mutating func checkName(_ place: Int, _ key: String) -> Bool {
    if silently({ $0.check(place, .string(key)) }) { return true }
    guard collects else { return false }
    let first = apart { _ = $0.check(place, .string(key)) }.first
    return fail(
      "propertyNames", "as its name \(first?.expected ?? "another")", JSON.quoted(SchemaPhrase.short(key)), suggestion: first?.suggestion)
  }
}
