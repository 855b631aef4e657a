/// What the host says about a call of `Stac`.
public struct StacReport: Sendable {
  public let written: Int
  public let unchanged: Int
  public let removed: Int
  public let failures: [BatchFailure]
  /// The whole of it, for what only some calls tell.
  public let json: JSONText

  init(_ json: JSONText) {
    written = json["written"]?.int ?? 0
    unchanged = json["unchanged"]?.int ?? 0
    removed = json["removed"]?.int ?? 0
    failures = BatchFailure.all(in: json)
    self.json = json
  }
}
