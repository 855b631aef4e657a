/// A text of a trigger's params with `${event.NAME}` in it, or `${event.body.member.0}` of what is made of parts.
enum EventText {
  enum Part {
    case text(Substring)
    /// What stands behind "event.", cut at the dots.
    case word([String])
  }

  private static let begin = "${event."

  static func parts(of text: String) -> [Part] {
    var parts: [Part] = []
    var rest = text[...]
    while let start = rest.firstRange(of: begin), let end = rest[start.upperBound...].firstIndex(of: "}") {
      if start.lowerBound > rest.startIndex { parts.append(.text(rest[..<start.lowerBound])) }
      let path = rest[start.upperBound..<end].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      parts.append(.word(path))
      rest = rest[rest.index(after: end)...]
    }
    if !rest.isEmpty { parts.append(.text(rest)) }
    return parts
  }

  static func replaced(_ text: String, _ values: JSONObject) -> JSON {
    let parts = parts(of: text)
    if parts.count == 1, case .word(let path) = parts[0] { return value(path, values) }
    let texts = parts.map { part in
      switch part {
      case .text(let text): String(text)
      case .word(let path):
        switch value(path, values) {
        case .string(let text): text
        case .null: ""
        case let other: other.serialized()
        }
      }
    }
    return .string(texts.joined())
  }

  /// Null where nothing stands: the workflow's parameters say whether that can be.
  private static func value(_ path: [String], _ values: JSONObject) -> JSON {
    var value = values[path[0]] ?? .null
    for name in path.dropFirst() {
      if let place = Int(name), let elements = value.arrayValue {
        value = elements.indices.contains(place) ? elements[place] : .null
      } else {
        value = value.objectValue?[name] ?? .null
      }
    }
    return value
  }
}
