/// `file:///absolute/path`, percent-encoded.
struct DirectoryURL: Sendable, Equatable {
  private let path: String

  init(_ text: String, _ parts: URLParts, name: String) throws(StorageError) {
    guard parts.authority.isEmpty || parts.authority == "localhost" else {
      throw StorageError(.invalid("\"\(text)\" names another machine; write file:///absolute/path"), name)
    }
    guard parts.options?.isEmpty ?? false else {
      throw StorageError(.invalid("\"\(text)\" has a \"?\"; in a path it is written %3F"), name)
    }
    guard let path = PercentEncoding.decode(parts.path), path.utf8.count > 1, !path.utf8.contains(0) else {
      throw StorageError(.invalid("\"\(text)\" has no path; write file:///absolute/path"), name)
    }
    self.path = path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  var stars: Int { path.starCount }

  func path(for name: ContainerName) -> String { path.named(name) }

  func text(for name: ContainerName, key: String) -> String {
    "file://" + PercentEncoding.encode(path(for: name) + "/" + key, keepsSlashes: true)
  }
}
