/// A JSON Schema, draft-07, as text.
///
/// Built from the parts below, or written out: `let schema: Schema = #"{"type":"object"}"#`.
public struct Schema: Sendable, ExpressibleByStringLiteral {
  public let text: String

  public init(stringLiteral text: String) {
    self.text = text
  }

  private init(_ type: String, _ description: String?, _ more: [(key: String, value: JSONText?)] = []) {
    var members = [(key: "type", value: JSONText(type))]
    if let description { members.append(("description", JSONText(description))) }
    members += more.compactMap { key, value in value.map { (key, $0) } }
    text = JSONText.object([:]).adding(members).text
  }

  /// Other members than these are refused unless `open`.
  public static func object(
    required: KeyValuePairs<String, Schema> = [:], optional: KeyValuePairs<String, Schema> = [:], open: Bool = false,
    _ description: String? = nil
  ) -> Schema {
    let properties = (Array(required) + Array(optional)).map { (key: $0.key, value: $0.value.json) }
    return Schema(
      "object", description,
      [
        ("required", required.isEmpty ? nil : .array(required.map { JSONText($0.key) })),
        ("properties", JSONText.object([:]).adding(properties)),
        ("additionalProperties", open ? nil : JSONText(false)),
      ])
  }

  public static func array(of element: Schema, minimum: Int? = nil, _ description: String? = nil) -> Schema {
    Schema("array", description, [("items", element.json), ("minItems", minimum.map { JSONText($0) })])
  }

  public static func string(_ description: String? = nil, default value: String? = nil, among: [String]? = nil) -> Schema {
    Schema(
      "string", description,
      [("enum", among.map { .array($0.map { JSONText($0) }) }), ("default", value.map { JSONText($0) })])
  }

  public static func integer(
    _ description: String? = nil, default value: Int? = nil, minimum: Int? = nil, maximum: Int? = nil
  ) -> Schema {
    Schema(
      "integer", description,
      [
        ("minimum", minimum.map { JSONText($0) }), ("maximum", maximum.map { JSONText($0) }),
        ("default", value.map { JSONText($0) }),
      ])
  }

  public static func number(_ description: String? = nil, default value: Double? = nil) -> Schema {
    Schema("number", description, [("default", value.map { JSONText($0) })])
  }

  public static func boolean(_ description: String? = nil, default value: Bool? = nil) -> Schema {
    Schema("boolean", description, [("default", value.map { JSONText($0) })])
  }

  /// This or `null`.
  public var orNull: Schema { Schema(stringLiteral: #"{"anyOf":[\#(text),{"type":"null"}]}"#) }

  private var json: JSONText { JSONText(unchecked: Array(text.utf8)[...]) }
}
