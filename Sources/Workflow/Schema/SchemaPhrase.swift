/// How messages put schemas and values into words.
enum SchemaPhrase {
  private static let longestString = 60
  private static let longestList = 12

  /// A value in short: scalars as text, containers by their size.
  static func rendering(_ value: JSON, withKind: Bool = false) -> String {
    switch value {
    case .null: return "null"
    case .array(let elements):
      return elements.isEmpty ? "an empty array" : "an array of \(count(elements.count, "element"))"
    case .object(let object):
      return object.isEmpty ? "an empty object" : "an object of \(count(object.count, "member"))"
    case .string(let string):
      let shown = JSON.quoted(short(string))
      return withKind ? "\(shown) (a string)" : shown
    case .number, .bool:
      let shown = short(value.serialized())
      return withKind ? "\(shown) (\(value.kind.phrase))" : shown
    }
  }

  /// The text, or its beginning when it is long.
  static func short(_ text: String) -> String {
    let beginning = text.unicodeScalars.prefix(longestString)
    return beginning.endIndex == text.unicodeScalars.endIndex ? text : "\(String(beginning))…"
  }

  /// What a subschema asks for, in short: "an integer", `one of "a", "b"`.
  static func expectation(of subschema: Subschema, in subschemas: [Subschema]) -> String {
    switch subschema.kind {
    case .acceptsAll: return "a value"
    case .refusesAll: return "nothing"
    case .reference(let target): return expectation(of: subschemas[target], in: subschemas)
    case .rules: break
    }
    if let constant = subschema.constant { return rendering(constant) }
    if let allowed = subschema.allowed { return choice(allowed) }
    if let types = subschema.types, !types.phrase.isEmpty { return types.phrase }
    if let forms = subschema.combinations?.any ?? subschema.combinations?.one {
      let phrases = forms.prefix(longestList).map { expectation(of: subschemas[$0], in: subschemas) }
      return phrases.contains("a value") ? "a value" : phrases.joined(separator: " or ")
    }
    if let strings = subschema.strings, let pattern = strings.pattern { return "a string that matches \(short(pattern.text))" }
    if let objects = subschema.objects {
      return objects.required.isEmpty ? "an object of the right form" : "an object with \(list(objects.required))"
    }
    return "a value"
  }

  static func choice(_ allowed: [JSON]) -> String {
    let shown = allowed.prefix(longestList).map { rendering($0) }
    if allowed.isEmpty { return "nothing" }
    if allowed.count == 1 { return shown[0] }
    return "one of \(shown.joined(separator: ", "))\(allowed.count > longestList ? ", …" : "")"
  }

  static func list(_ names: [String]) -> String {
    let shown = names.prefix(longestList).map(short).joined(separator: ", ")
    return names.count > longestList ? "\(shown), …" : shown
  }

  static func count(_ count: Int, _ noun: String) -> String { count == 1 ? "1 \(noun)" : "\(count) \(noun)s" }

  /// The remedy for a value that is right but for its quotes, or for the array around it.
  static func otherSpelling(of value: JSON, for types: SchemaTypes) -> String? {
    switch value {
    case .string(let string):
      // Text that is no JSON is no value in quotes.
      if let bare = try? JSON(parsing: string), types.admits(bare), bare.arrayValue == nil, bare.objectValue == nil {
        return "Did you mean \(bare.serialized()), without quotes?"
      }
    case .number, .bool:
      if types.contains(.string) { return "Did you mean \"\(value.serialized())\", in quotes?" }
    default: break
    }
    return types.contains(.array) && !value.isNull ? "Did you mean an array that holds it?" : nil
  }
}
