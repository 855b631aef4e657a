import Workflow

/// JSON Schemas (draft-07) of what is served, written shortly.
enum Shape {
  static let string: JSON = ["type": "string"]
  static let boolean: JSON = ["type": "boolean"]
  static let count: JSON = ["type": "integer", "minimum": 0]
  static let integer: JSON = ["type": "integer"]
  static let number: JSON = ["type": "number"]
  static let time: JSON = ["type": "string", "format": "date-time"]
  static let object: JSON = ["type": "object"]
  static let any: JSON = [:]

  static func nullable(_ type: String) -> JSON { ["type": [.string(type), "null"]] }
  static let timeOrNull: JSON = ["type": ["string", "null"], "format": "date-time"]

  static func list(_ element: JSON) -> JSON { ["type": "array", "items": element] }

  static func choice(_ words: [String]) -> JSON { ["type": "string", "enum": .array(words.map(JSON.string))] }

  /// An object that always has these members.
  /// - Parameter isClosed: whether no other members may stand there; of what clients send.
  static func object(
    _ members: KeyValuePairs<String, JSON>, optional: KeyValuePairs<String, JSON> = [:], isClosed: Bool = false
  ) -> JSON {
    var schema = JSONObject([
      ("type", "object"), ("required", .array(members.map { .string($0.key) })),
      (
        "properties",
        .object(JSONObject(members.map { (key: $0.key, value: $0.value) } + optional.map { (key: $0.key, value: $0.value) }))
      ),
    ])
    if isClosed { schema.append("additionalProperties", false) }
    return .object(schema)
  }

  /// What a listing answers with.
  static func page(_ name: String, _ element: JSON) -> JSON {
    object([name: list(element), "next": nullable("string")])
  }
}
