/// One range of one object.
public struct ReadRequest: Sendable {
  public var container: String?
  public var key: String
  /// What the object must still be, else `.conflict`; nil: anything.
  public var etag: String?
  public var from: UInt64
  /// nil: to the end.
  public var size: UInt64?

  public init(_ container: String?, _ key: String, etag: String? = nil, from: UInt64 = 0, size: UInt64? = nil) {
    self.container = container
    self.key = key
    self.etag = etag
    self.from = from
    self.size = size
  }
}
