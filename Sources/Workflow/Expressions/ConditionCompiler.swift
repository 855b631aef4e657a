/// Reads a condition and gathers what is wrong with it.
struct ConditionCompiler {
  private(set) var slots: [Template.Slot] = []
  private(set) var faults: [TemplateError.Fault] = []

  private static let operations = ["equals", "in", "less", "greater", "exists", "not", "all", "any"]

  mutating func clause(_ source: JSON, at place: ManifestPath) -> Condition.Clause? {
    guard case .object(let object) = source, let (name, value) = object.members.first, object.members.count == 1 else {
      return fault(
        "expected a condition: an object with one member.", at: place,
        hint: "Such as {\"equals\": [\"${params.mode}\", \"full\"]}; the member is \(Self.operations.listed("or")).")
    }
    let inner = place[name]
    switch name {
    case "equals": return pair(value, at: inner).map { .equals($0, $1) }
    case "in": return pair(value, at: inner).map { .isIn($0, $1) }
    case "less": return pair(value, at: inner).map { .less($0, $1) }
    case "greater": return pair(value, at: inner).map { .greater($0, $1) }
    case "exists": return expression(value, at: inner).map { .exists($0) }
    case "not": return clause(value, at: inner).map { .not($0) }
    case "all": return clauses(value, at: inner).map { .all($0) }
    case "any": return clauses(value, at: inner).map { .any($0) }
    default:
      return fault(
        "unknown condition.", at: inner, hint: Suggestion.hint("There are", Self.operations, for: name))
    }
  }

  private mutating func fault<Answer>(_ message: String, at place: ManifestPath, hint: String) -> Answer? {
    faults.append(TemplateError.Fault(message, hint: hint, place: place))
    return nil
  }

  private mutating func clauses(_ source: JSON, at place: ManifestPath) -> [Condition.Clause]? {
    guard case .array(let elements) = source, !elements.isEmpty else {
      return fault("expected an array of conditions, at least one.", at: place, hint: "Such as [{\"exists\": \"${params.mode}\"}].")
    }
    return elements.enumerated().compactMap { clause($1, at: place[$0]) }
  }

  private mutating func pair(_ source: JSON, at place: ManifestPath) -> (Template, Template)? {
    guard case .array(let elements) = source, elements.count == 2 else {
      return fault("expected an array of two values.", at: place, hint: "Such as [\"${params.mode}\", \"full\"].")
    }
    let one = template(elements[0], at: place[0])
    let other = template(elements[1], at: place[1])
    if let one, let other { return (one, other) }
    return nil
  }

  private mutating func expression(_ source: JSON, at place: ManifestPath) -> Template? {
    let template = template(source, at: place)
    guard let template, !template.isOneExpression else { return template }
    return fault("expected one expression.", at: place, hint: "Such as \"${params.mode}\".")
  }

  private mutating func template(_ source: JSON, at place: ManifestPath) -> Template? {
    do {
      let template = try Template(source)
      slots += template.slots.map { Template.Slot(path: $0.path, place: place + $0.place, isWhole: $0.isWhole) }
      return template
    } catch {
      faults += error.faults.map { $0.at(place + $0.place) }
      return nil
    }
  }
}
