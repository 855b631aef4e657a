/// How an object is written or copied.
public struct WriteOptions: Sendable {
  public enum IfExists: String, Sendable {
    case replace, fail, skip
    /// Skips what has the source's size and checksum, replaces what differs: the way to rerun.
    case update
  }

  /// nil leaves it to the host, which replaces.
  public var ifExists: IfExists?
  /// The ETag of what is replaced.
  public var ifMatch: String?
  /// What the bytes must have, in hex.
  public var sha256: String?
  /// Media type.
  public var type: String?

  public init(ifExists: IfExists? = nil, ifMatch: String? = nil, sha256: String? = nil, type: String? = nil) {
    self.ifExists = ifExists
    self.ifMatch = ifMatch
    self.sha256 = sha256
    self.type = type
  }

  /// nil if nothing is set.
  var json: JSONText? {
    let all = JSONText.object([
      "if_exists": ifExists.map { JSONText($0.rawValue) }, "if_match": ifMatch.map { JSONText($0) },
      "sha256": sha256.map { JSONText($0) }, "type": type.map { JSONText($0) },
    ])
    return all.members.isEmpty ? nil : all
  }

  var text: String? { json?.text }
}
