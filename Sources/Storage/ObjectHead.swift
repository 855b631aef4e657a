public import struct FoundationEssentials.Date

/// What a store knows about an object without reading it.
public struct ObjectHead: Sendable, Equatable {
  /// Bytes.
  public let size: UInt64
  /// Opaque; another one as soon as the object is another.
  public let etag: String
  public let modified: Date
  /// 64 lower-case hex digits, where the store knows it for exactly this etag.
  public let sha256: String?
  /// Media type, where the store knows it.
  public let type: String?

  public init(size: UInt64, etag: String, modified: Date, sha256: String? = nil, type: String? = nil) {
    self.size = size
    self.etag = etag
    self.modified = modified
    self.sha256 = sha256
    self.type = type
  }

  func with(sha256: String) -> ObjectHead {
    ObjectHead(size: size, etag: etag, modified: modified, sha256: sha256, type: type)
  }
}
