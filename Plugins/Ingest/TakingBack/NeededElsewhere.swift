import HandlerKit

/// What items that others put into the collection need: it stays with them.
struct NeededElsewhere {
  private let task: Task
  private let hrefs: Fingerprints
  private let isEmpty: Bool
  /// By container: how the hrefs of its objects begin.
  private var roots: [String: String] = [:]

  init(_ task: Task, collection: String) throws(HandlerError) {
    var (hrefs, isEmpty) = (Fingerprints(), true)
    try task.stac.eachPage(.others, of: collection) { page throws(HandlerError) in
      for href in (page["items"]?.elements ?? []).flatMap({ $0["hrefs"]?.elements ?? [] }).compactMap(\.string) {
        isEmpty = false
        _ = hrefs.insert(href)
      }
    }
    self.task = task
    self.hrefs = hrefs
    self.isEmpty = isEmpty
  }

  /// Why the object stays; nil if no such item names it, by the URL that the host tells or by `weir://`.
  mutating func reason(_ container: String, _ key: String) throws(HandlerError) -> String? {
    if isEmpty { return nil }
    let own = ContainerURL(container, root: nil)
    if roots[container] == nil {
      roots[container] = ContainerURL.root(of: try task.storage.find(container, key)?.url, key: key) ?? own.root
    }
    let told = ContainerURL(container, root: roots[container])
    return hrefs.contains(told.url(of: key)) || hrefs.contains(own.url(of: key)) ? "an item that stays needs it" : nil
  }
}
