/// Which keys of a container to list.
public struct ListQuery: Sendable, Equatable {
  public static let most = 10_000

  /// Keys start with it; it need not end at a "/".
  public var prefix: String
  /// "/": keys with a further "/" behind the prefix are folded into one prefix. Others are refused.
  public var delimiter: String?
  /// How many objects and prefixes a page has, 1 to 10,000.
  public var limit: Int
  /// `next` of the page before; nil: the first page.
  public var page: String?

  public init(prefix: String = "", delimiter: String? = nil, limit: Int = 1000, page: String? = nil) {
    self.prefix = prefix
    self.delimiter = delimiter
    self.limit = limit
    self.page = page
  }

  func check(_ container: ContainerName) throws(StorageError) {
    guard (1...Self.most).contains(limit) else {
      throw StorageError(.invalid("limit is \(limit), it can be 1 to \(Self.most)"), container.text)
    }
    if let delimiter, delimiter != "/" {
      throw StorageError(.unsupported("delimiter is \"\(delimiter)\", only \"/\" is supported"), container.text)
    }
    let folders = prefix.utf8.reversed().drop { $0 != 0x2F }.dropFirst().reversed()
    guard prefix.utf8.contains(0x2F) else { return }
    if let problem = ObjectKey.segmentProblem(in: Array(folders)) {
      throw StorageError(.invalid("prefix \"\(prefix)\": \(problem)"), container.text)
    }
  }
}
