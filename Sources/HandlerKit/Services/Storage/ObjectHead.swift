/// What a store knows of an object without its bytes.
public struct ObjectHead: Sendable, Hashable {
  public let size: Int
  /// Changes when the object does; opaque.
  public let etag: String
  /// RFC 3339.
  public let modified: String?
  public let sha256: String?
  /// Media type.
  public let type: String?
  /// Where others find the object, if the host says so.
  public let url: String?
  /// Of a copy: false if the object was already in place; nil if the host does not say.
  public let isWritten: Bool?

  public init(_ json: JSONText) {
    size = json["size"]?.int ?? 0
    etag = json["etag"]?.string ?? ""
    modified = json["modified"]?.string
    sha256 = json["sha256"]?.string
    type = json["type"]?.string
    url = json["url"]?.string
    isWritten = json["written"]?.bool
  }
}
