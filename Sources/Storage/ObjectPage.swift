/// One page of a listing; objects and prefixes each in byte order, and together at most the query's limit.
public struct ObjectPage: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    public let key: ObjectKey
    public let head: ObjectHead

    public init(key: ObjectKey, head: ObjectHead) {
      self.key = key
      self.head = head
    }
  }

  public var objects: [Entry] = []
  /// Each ends with "/"; only with a delimiter.
  public var prefixes: [String] = []
  /// Names the next page; nil at the end.
  public var next: String?

  public init() {}
}
