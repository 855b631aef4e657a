/// Finds what a schema marks as secret: `"writeOnly": true` or `"format": "password"`; see ``Schema/hidingSecrets(in:)``.
struct SchemaSecrets {
  private let subschemas: [Subschema]
  private var steps: Int

  private static let deepest = 600

  init(_ schema: Schema) {
    subschemas = schema.subschemas
    steps = schema.limits.maxSteps
  }

  /// What cannot be looked through, since that would cost too much, is hidden as a whole.
  mutating func hide(_ place: Int, in value: JSON, depth: Int = 0) -> JSON {
    steps -= 1
    guard steps > 0, depth < Self.deepest else { return .string(Redaction.mark) }
    let subschema = subschemas[place]
    if subschema.isSecret { return value.isNull ? value : .string(Redaction.mark) }
    var value = value
    switch value {
    case .object(let object):
      if let rules = subschema.objects { value = .object(hide(rules, in: object, depth)) }
    case .array(let elements):
      if let rules = subschema.arrays { value = .array(hide(rules, in: elements, depth)) }
    default: break
    }
    for other in subschema.appliedToSameValue { value = hide(other, in: value, depth: depth + 1) }
    return value
  }

  private mutating func hide(_ rules: Subschema.Objects, in object: JSONObject, _ depth: Int) -> JSONObject {
    var hidden = object
    for (key, value) in object.members {
      var places = rules.places[JSONText(key)].map { [$0] } ?? []
      places += rules.patterns.filter { $0.pattern.matches(key) }.map(\.subschema)
      if places.isEmpty, let additional = rules.additional { places = [additional] }
      for place in places { hidden[key] = hide(place, in: hidden[key] ?? value, depth: depth + 1) }
    }
    return hidden
  }

  private mutating func hide(_ rules: Subschema.Arrays, in elements: [JSON], _ depth: Int) -> [JSON] {
    var hidden = elements
    for index in elements.indices {
      let place = rules.tuple.map { index < $0.count ? $0[index] : rules.additional } ?? rules.each
      if let place { hidden[index] = hide(place, in: elements[index], depth: depth + 1) }
      if let contained = rules.contains { hidden[index] = hide(contained, in: hidden[index], depth: depth + 1) }
    }
    return hidden
  }
}
