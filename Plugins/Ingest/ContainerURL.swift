/// Where others find the objects of a container.
struct ContainerURL {
  /// With "/" at its end.
  let root: String

  /// `weir://CONTAINER/` if the host does not say where the container is.
  init(_ container: String, root: String?) {
    self.root = root ?? "weir://\(container)/"
  }

  func url(of key: String) -> String { root + Href.encoded(key) }

  /// The container's URL, of an object's URL and key; nil if they do not fit.
  static func root(of url: String?, key: String) -> String? {
    guard let url else { return nil }
    for tail in [Href.encoded(key), key] {
      let bytes = url.utf8
      guard bytes.count > tail.utf8.count, bytes.suffix(tail.utf8.count + 1).elementsEqual("/\(tail)".utf8) else { continue }
      return String(Substring(bytes.dropLast(tail.utf8.count)))
    }
    return nil
  }
}
