/// One object to copy.
public struct TransferElement: Sendable, Equatable {
  /// A container's name, or nil for the task's scratch.
  public var fromContainer: String?
  public var fromKey: String
  /// The version to copy; nil: the present one.
  public var fromEtag: String?
  public var toContainer: String?
  public var toKey: String
  public var options: WriteOptions

  public init(
    fromContainer: String?, fromKey: String, fromEtag: String? = nil, toContainer: String?, toKey: String,
    options: WriteOptions = WriteOptions()
  ) {
    self.fromContainer = fromContainer
    self.fromKey = fromKey
    self.fromEtag = fromEtag
    self.toContainer = toContainer
    self.toKey = toKey
    self.options = options
  }
}
