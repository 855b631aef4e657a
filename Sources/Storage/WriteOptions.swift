/// How an object may be written.
public struct WriteOptions: Sendable, Equatable {
  /// What happens when the key is taken.
  public enum Existing: String, Sendable, CaseIterable {
    case replace
    /// The write fails with `.exists`; of many such writers at once exactly one wins.
    case fail
    /// The object that is there stays.
    case skip
    /// The object that is there stays if it has the same size and SHA-256; otherwise it is replaced.
    case update
  }

  public var ifExists: Existing
  /// The etag of the object that is replaced; another or none there: `.changed`.
  public var ifMatch: String?
  /// What the written bytes must hash to, 64 hex digits; otherwise `.damaged` and nothing is written.
  public var sha256: String?
  /// Media type, kept where the store can keep one.
  public var type: String?

  public init(ifExists: Existing = .replace, ifMatch: String? = nil, sha256: String? = nil, type: String? = nil) {
    self.ifExists = ifExists
    self.ifMatch = ifMatch
    self.sha256 = sha256
    self.type = type
  }
}
