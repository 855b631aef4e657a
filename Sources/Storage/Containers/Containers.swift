/// The containers that the configuration names, by URL: `{"bronzemapspam": "file:///data/bronze", "*": "file:///demo/*"}`.
///
/// A name with a "*" is a pattern for the names that nobody listed; the "*" of its URL becomes the container's whole name.
/// Of several patterns that fit, the one with the longest text before its "*" counts.
public struct Containers: Sendable {
  private let exact: [String: ContainerURL]
  private let patterns: [(head: String, tail: String, url: ContainerURL)]
  private let buckets: [S3URL.Account: S3Session]
  private let accounts: [AzureURL.Account: AzureSession]
  private let isDurable: Bool

  /// `isDurable`: what is written to a directory is on the disk before it counts as written; only tests and demos can do without.
  /// - Throws: `.invalid` or `.unsupported` for the first name or URL that is wrong.
  public init(_ urls: [String: String], credentials: Credentials = Credentials(), isDurable: Bool = true) throws(StorageError) {
    var exact: [String: ContainerURL] = [:]
    var patterns: [(head: String, tail: String, url: ContainerURL)] = []
    var buckets: [S3URL.Account: S3Session] = [:]
    var accounts: [AzureURL.Account: AzureSession] = [:]
    for (name, text) in urls.sorted(by: { $0.key < $1.key }) {
      let parts = name.split(separator: "*", omittingEmptySubsequences: false)
      let url = try ContainerURL(text, name: name, isPattern: parts.count > 1)
      switch parts.count {
      case 1: exact[try ContainerName(name).text] = url
      case 2: patterns.append((String(parts[0]), String(parts[1]), url))
      default: throw StorageError(.invalid("a pattern of container names has one \"*\""), name)
      }
      if case .bucket(let url) = url, buckets[url.account] == nil {
        buckets[url.account] = try S3Session(url.account, credentials, container: name)
      }
      if case .blobs(let url) = url, accounts[url.account] == nil {
        accounts[url.account] = AzureSession(credential: try credentials.find(url.account.credentials, for: name))
      }
    }
    self.exact = exact
    self.patterns = patterns.sorted { ($0.head.count, $0.tail.count) > ($1.head.count, $1.tail.count) }
    self.buckets = buckets
    self.accounts = accounts
    self.isDurable = isDurable
  }

  /// The store of that name; whether it is there shows at the first call.
  /// - Throws: `.noContainer` when neither a name nor a pattern fits.
  public func store(_ name: ContainerName) throws(StorageError) -> any ObjectStore {
    switch try url(of: name) {
    case .directory(let url): return DirectoryStore(name: name, path: url.path(for: name), isDurable: isDurable)
    case .bucket(let url):
      guard let session = buckets[url.account] else { throw StorageError(.noContainer, name.text) }
      return S3Store(name: name, location: url.location(for: name), session: session)
    case .blobs(let url):
      guard let session = accounts[url.account] else { throw StorageError(.noContainer, name.text) }
      return AzureStore(name: name, address: url.address(for: name), session: session)
    }
  }

  private func url(of name: ContainerName) throws(StorageError) -> ContainerURL {
    let pattern = patterns.first {
      name.text.count >= $0.head.count + $0.tail.count && name.text.hasPrefix($0.head) && name.text.hasSuffix($0.tail)
    }
    guard let url = exact[name.text] ?? pattern?.url else { throw StorageError(.noContainer, name.text) }
    return url
  }

  /// Where an object is for those who read it without Weir: `file:///data/silver/a/b.tif`, `s3://silver/a/b.tif`; nil for a
  /// name that is not configured.
  public func url(container: String, key: String) -> String? {
    guard let name = try? ContainerName(container), let url = try? url(of: name) else { return nil }  // nil says as much
    return url.text(for: name, key: key)
  }
}
