/// What the host says about a call of `Stac`.
public struct StacReport: Sendable {
  public private(set) var written: Int
  public private(set) var unchanged: Int
  public private(set) var removed: Int
  public private(set) var failures: [BatchFailure]
  /// As the host gave it, for what only some calls tell; of a batch in several pieces the last.
  public private(set) var json: JSONText

  init(_ json: JSONText) {
    written = json["written"]?.int ?? 0
    unchanged = json["unchanged"]?.int ?? 0
    removed = json["removed"]?.int ?? 0
    failures = BatchFailure.all(in: json)
    self.json = json
  }

  /// Takes up the report of the documents from number `count` on.
  mutating func append(_ next: StacReport, after count: Int) {
    written += next.written
    unchanged += next.unchanged
    removed += next.removed
    failures += next.failures.map { $0.moved(by: count) }
    json = next.json
  }
}
