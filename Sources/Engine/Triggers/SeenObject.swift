/// An object as a listing shows it.
public struct SeenObject: Sendable {
  public var key: String
  public var etag: String
  public var size: UInt64
  /// Seconds since 1970.
  public var modified: Double

  public init(key: String, etag: String, size: UInt64, modified: Double) {
    self.key = key
    self.etag = etag
    self.size = size
    self.modified = modified
  }
}
