/// What came of a copy.
public struct CopyReport: Sendable {
  /// Objects written.
  public let done: Int
  /// Objects that were already in place.
  public let skipped: Int
  /// Bytes written.
  public let bytes: Int
  public let failures: [BatchFailure]
  /// By index, if they were asked for; nil for what failed.
  public let heads: [ObjectHead?]

  init(_ json: JSONText) {
    done = json["done"]?.int ?? 0
    skipped = json["skipped"]?.int ?? 0
    bytes = json["bytes"]?.int ?? 0
    failures = BatchFailure.all(in: json)
    heads = (json["heads"]?.elements ?? []).map { $0.isNull ? nil : ObjectHead($0) }
  }
}
