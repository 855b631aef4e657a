/// One element of a copy.
public struct ObjectCopy: Sendable {
  public var fromContainer: String?
  public var fromKey: String
  /// What the source must still be, else `.conflict`; nil: anything.
  public var fromETag: String?
  public var toContainer: String?
  public var toKey: String
  /// Of this element, over those of the call.
  public var options: WriteOptions?

  public init(
    from fromContainer: String?, _ fromKey: String, etag: String? = nil, to toContainer: String?, _ toKey: String,
    options: WriteOptions? = nil
  ) {
    self.fromContainer = fromContainer
    self.fromKey = fromKey
    fromETag = etag
    self.toContainer = toContainer
    self.toKey = toKey
    self.options = options
  }
}
