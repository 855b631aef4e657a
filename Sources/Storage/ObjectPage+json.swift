public import Workflow

extension ObjectPage {
  /// `{"objects": [head and "key"], "prefixes": [...], "next": page}`, without "next" at the end.
  public var json: JSON {
    var members: [(key: String, value: JSON)] = [
      (key: "objects", value: .array(objects.map { $0.head.json(key: $0.key) })),
      (key: "prefixes", value: .array(prefixes.map { JSON($0) })),
    ]
    if let next { members.append((key: "next", value: JSON(next))) }
    return .object(JSONObject(members))
  }
}
