extension SchemaCheck {
  mutating func checkCombinations(_ rules: Subschema.Combinations, _ value: JSON) -> Bool {
    var fits = true
    for place in rules.all {
      fits = check(place, value) && fits
      guard fits || collects else { return false }
    }
    if let any = rules.any { fits = checkAny(any, value) && fits }
    guard fits || collects else { return false }
    if let one = rules.one { fits = checkOne(one, value) && fits }
    guard fits || collects else { return false }
    if let none = rules.none, silently({ $0.check(none, value) }) {
      let subschemas = subschemas
      fits = fail(
        "not", "anything but \(SchemaPhrase.expectation(of: subschemas[none], in: subschemas))",
        SchemaPhrase.rendering(value))
    }
    guard fits || collects, let (test, then, otherwise) = rules.condition else { return fits }
    let branch = silently { $0.check(test, value) } ? then : otherwise
    if let branch { fits = check(branch, value) && fits }
    return fits
  }

  private mutating func checkAny(_ places: [Int], _ value: JSON) -> Bool {
    if silently({ check in places.contains { check.check($0, value) } }) { return true }
    return collects ? failAll("anyOf", places, value) : false
  }

  private mutating func checkOne(_ places: [Int], _ value: JSON) -> Bool {
    var matches: [Int] = []
    silently { check in
      for (index, place) in places.enumerated() where check.check(place, value) {
        matches.append(index)
        if matches.count > 1 { return }
      }
    }
    if matches.count == 1 { return true }
    guard collects else { return false }
    if matches.isEmpty { return failAll("oneOf", places, value) }
    return fail(
      "oneOf", "a value of exactly one of \(SchemaPhrase.count(places.count, "form"))",
      "one that fits forms \(matches[0] + 1) and \(matches[1] + 1) (\(SchemaPhrase.rendering(value)))")
  }

  /// Notes why `value` fits none of the forms: the problems of the form that is meant if one is, else one summary.
  private mutating func failAll(_ keyword: String, _ places: [Int], _ value: JSON) -> Bool {
    let here = SchemaProblem.Place(of: self)
    let forms = places.prefix(32).map { place in apart { _ = $0.check(place, value) } }.filter { !$0.isEmpty }
    let sameKind = forms.filter { problems in !problems.contains { here.isAbout($0, levels: 0) } }
    let sameTag = sameKind.filter { problems in !problems.contains { here.isAbout($0, levels: 1) } }
    let candidates = sameTag.isEmpty ? sameKind : sameTag
    if candidates.count == 1 {
      problems += candidates[0]
      return false
    }
    let shown = candidates.isEmpty ? forms : candidates
    var phrases: [String] = []
    for form in shown {
      let phrase = here.phrase(form[0])
      if !phrases.contains(phrase) { phrases.append(phrase) }
    }
    let suggestion = shown.lazy.compactMap { $0[0].suggestion }.first
    let withKind = candidates.isEmpty && !shown.contains { $0[0].keyword != "type" }
    return fail(
      keyword, phrases.joined(separator: " or "), SchemaPhrase.rendering(value, withKind: withKind),
      suggestion: suggestion)
  }
}

extension SchemaProblem {
  /// The place of a value whose forms are compared.
  fileprivate struct Place {
    private let pointer: String

    init(of check: SchemaCheck) {
      pointer = check.pointer
    }

    /// Whether the problem says that this value, or a member `levels` below, is of another kind than the form's.
    func isAbout(_ problem: SchemaProblem, levels: Int) -> Bool {
      let keywords = levels == 0 ? ["type", "const", "enum", "false"] : ["const", "enum"]
      guard keywords.contains(problem.keyword), problem.pointer.hasPrefix(pointer) else { return false }
      return problem.pointer.utf8.dropFirst(pointer.utf8.count).count { $0 == UInt8(ascii: "/") } == levels
    }

    /// What was expected, with the place if that is further down.
    func phrase(_ problem: SchemaProblem) -> String {
      guard problem.pointer != pointer, problem.pointer.hasPrefix(pointer) else { return problem.expected }
      return "\(problem.expected) at \(problem.pointer.dropFirst(pointer.count))"
    }
  }
}
