/// Fills in the defaults of one value; see ``Schema/defaults(applyingTo:)``.
///
/// Does as much as a check may cost, and leaves the rest as it is: what is too large for that does not pass the check
/// either.
struct SchemaDefaults {
  private let subschemas: [Subschema]
  private var steps: Int
  private var depth = 0

  private static let deepest = 600

  init(_ schema: Schema) {
    subschemas = schema.subschemas
    steps = schema.limits.maxSteps
  }

  mutating func apply(_ place: Int, to value: inout JSON) {
    guard case .object(var object) = value else { return }
    let present = Set(object.keys.map(JSONText.init))
    apply(place, to: &object, present: present)
    value = .object(object)
  }

  private mutating func apply(_ place: Int, to object: inout JSONObject, present: Set<JSONText>) {
    guard steps > 0, depth < Self.deepest else { return }
    depth += 1
    defer { depth -= 1 }
    let subschema = subschemas[place]
    steps -= 1 + (subschema.objects?.properties.count ?? 0)
    if case .reference(let target) = subschema.kind { apply(target, to: &object, present: present) }
    for (key, child) in subschema.objects?.properties ?? [] {
      if present.contains(JSONText(key)) {
        guard var value = object[key], case .object = value else { continue }
        apply(child, to: &value)
        object[key] = value
      } else if object[key] == nil, let value = defaultValue(of: child) {
        object[key] = value
      }
    }
    for branch in subschema.combinations?.all ?? [] { apply(branch, to: &object, present: present) }
  }

  private func defaultValue(of place: Int) -> JSON? {
    var place = place
    while case .reference(let target) = subschemas[place].kind { place = target }
    return subschemas[place].defaultValue
  }
}
