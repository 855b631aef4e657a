/// Writes a filter of a style as OGC's filter encoding, as far as that compares attributes.
struct SLDFilter {
  let layer: String

  private static let comparisons = [
    "==": "PropertyIsEqualTo", "!=": "PropertyIsNotEqualTo", "<": "PropertyIsLessThan", "<=": "PropertyIsLessThanOrEqualTo",
    ">": "PropertyIsGreaterThan", ">=": "PropertyIsGreaterThanOrEqualTo",
  ]

  /// Nil: it lets everything through that a symbolizer can draw.
  func element(_ filter: JSON, depth: Int = 0) throws(SLDWriter.Gap) -> String? {
    guard depth < 20, let parts = filter.arrayValue, let verb = parts.first?.stringValue else { throw gap() }
    switch verb {
    case "all", "any":
      var inside: [String] = []
      for part in parts.dropFirst() {
        if let element = try element(part, depth: depth + 1) { inside.append(element) } else if verb == "any" { return nil }
      }
      let name = verb == "all" ? "And" : "Or"
      return inside.count > 1 ? "<ogc:\(name)>\(inside.joined())</ogc:\(name)>" : inside.first
    case "!":
      guard parts.count == 2, let inside = try element(parts[1], depth: depth + 1) else { throw gap() }
      return "<ogc:Not>\(inside)</ogc:Not>"
    default: return try comparison(verb, parts)
    }
  }

  private func comparison(_ verb: String, _ parts: [JSON]) throws(SLDWriter.Gap) -> String? {
    guard parts.count == 3, let name = Self.comparisons[verb] else { throw gap() }
    if verb == "==", parts[1] == ["geometry-type"] || parts[1] == "$type" { return nil }
    guard let attribute = parts[1].stringValue ?? (parts[1][0] == "get" ? parts[1][1]?.stringValue : nil) else { throw gap() }
    let literal: String
    switch parts[2] {
    case .string(let text): literal = SLDWriter.escaped(text)
    case .number(let number): literal = number.description
    case .bool(let value): literal = "\(value)"
    default: throw gap()
    }
    return
      "<ogc:\(name)><ogc:PropertyName>\(SLDWriter.escaped(attribute))</ogc:PropertyName><ogc:Literal>\(literal)</ogc:Literal></ogc:\(name)>"
  }

  private func gap() -> SLDWriter.Gap { SLDWriter.Gap(why: "the filter of layer \"\(layer)\" is more than a comparison of attributes") }
}
