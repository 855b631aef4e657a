import Workflow

/// One value that a route takes in its path, query or headers: what it may be, for the check and for the document.
struct Parameter: Sendable {
  enum Place: String, Sendable { case path, query, header }

  var name: String
  var place: Place
  var kind: ParameterKind
  var summary: String

  static func path(_ name: String, _ kind: ParameterKind, _ summary: String) -> Parameter {
    Parameter(name: name, place: .path, kind: kind, summary: summary)
  }

  static func query(_ name: String, _ kind: ParameterKind, _ summary: String) -> Parameter {
    Parameter(name: name, place: .query, kind: kind, summary: summary)
  }

  /// For the document: a header is read from `Call.head`, and whatever stands there is answered.
  static func header(_ name: String, _ kind: ParameterKind, _ summary: String) -> Parameter {
    Parameter(name: name, place: .header, kind: kind, summary: summary)
  }

  /// As OpenAPI describes it.
  var json: JSON {
    [
      "name": .string(name), "in": .string(place.rawValue), "required": .bool(place == .path),
      "description": .string(summary), "schema": kind.schema,
    ]
  }

  /// What is wrong with a value, for the list of errors; nil when nothing is.
  func mistake(in text: String) -> JSON? {
    guard !kind.accepts(text) else { return nil }
    let suggestion = kind.suggestion(for: text)
    let message = "\(name): expected \(kind.expected), got \(JSON.string(String(text.prefix(100))).serialized())."
    return [
      "parameter": .string(name), "message": .string(suggestion.map { "\(message) \($0)" } ?? message),
      "expected": .string(kind.expected), "given": .string(String(text.prefix(100))), "suggestion": suggestion.map(JSON.string) ?? .null,
    ]
  }
}
