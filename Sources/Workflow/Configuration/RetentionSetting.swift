/// How long jobs are kept after their end, by workflow: `{"*": "30d", "ingest_collection": "7d"}`.
enum RetentionSetting {
  static let expected = "an object of durations by workflow, such as {\"*\": \"30d\", \"ingest_collection\": \"7d\"}"

  /// Nil when it cannot be that.
  static func read(_ json: JSON) -> [String: Duration]? {
    guard let object = json.objectValue else { return nil }
    var all: [String: Duration] = [:]
    for (workflow, value) in object.members {
      guard workflow == "*" || NameSyntax.isName(workflow), let kept = value.stringValue.flatMap(DurationText.parse) else { return nil }
      all[workflow] = kept
    }
    return all
  }

  static func text(_ all: [String: Duration]) -> String {
    RawJSON(.object(JSONObject(all.sorted { $0.key < $1.key }.map { ($0.key, .string(DurationText.text(of: $0.value))) }))).text
  }
}
