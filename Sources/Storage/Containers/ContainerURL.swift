/// Where a container is, as the configuration says it: `file:///absolute/path`, `s3://bucket/prefix?…` or
/// `azure://account/container/prefix?…`, with one "*" for the name if it belongs to a pattern.
enum ContainerURL: Sendable, Equatable {
  case directory(DirectoryURL)
  case bucket(S3URL)
  case blobs(AzureURL)

  init(_ text: String, name: String, isPattern: Bool) throws(StorageError) {
    guard let parts = URLParts(text) else {
      throw StorageError(.invalid("\"\(text)\" is no URL; a directory is written file:///absolute/path"), name)
    }
    switch parts.scheme {
    case "file": self = .directory(try DirectoryURL(text, parts, name: name))
    case "s3": self = .bucket(try S3URL(text, parts, name: name))
    case "azure": self = .blobs(try AzureURL(text, parts, name: name))
    default:
      let problem = "\"\(parts.scheme)://\" containers are not supported by this weir, only \(Self.known)"
      throw StorageError(.unsupported(problem), name)
    }
    guard stars == (isPattern ? 1 : 0) else {
      let rule = isPattern ? "needs one \"*\", where the container's name goes" : "has a \"*\", but its name has none"
      throw StorageError(.invalid("\"\(text)\" \(rule)"), name)
    }
  }

  private static let known = "file:///absolute/path, s3://bucket/prefix and azure://account/container/prefix"

  private var stars: Int {
    switch self {
    case .directory(let url): url.stars
    case .bucket(let url): url.stars
    case .blobs(let url): url.stars
    }
  }

  /// The URL of one object, percent-encoded.
  func text(for name: ContainerName, key: String) -> String {
    switch self {
    case .directory(let url): url.text(for: name, key: key)
    case .bucket(let url): url.text(for: name, key: key)
    case .blobs(let url): url.text(for: name, key: key)
    }
  }
}

extension String {
  /// The text with a container's name in the place of its "*".
  func named(_ name: ContainerName) -> String {
    split(separator: "*", omittingEmptySubsequences: false).joined(separator: name.text)
  }

  var starCount: Int { utf8.count { $0 == 0x2A } }
}
