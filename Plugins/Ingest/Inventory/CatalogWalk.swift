import HandlerKit

/// Follows a collection's links to items and, through `child` links, those of its nested catalogs, each once.
struct CatalogWalk {
  private let task: Task
  private let container: String
  private(set) var sidecars: Sidecars
  private var visited: Set<ExactText> = []

  private typealias Child = (key: String, href: String)

  init(_ task: Task, container: String, sidecars: Sidecars) {
    self.task = task
    self.container = container
    self.sidecars = sidecars
  }

  mutating func visit(_ collection: StacDocument) throws {
    visited = [ExactText(collection.key)]
    var waiting = try follow(collection)
    while let child = waiting.popLast() {
      guard let catalog = try read(child) else { continue }
      waiting += try follow(catalog)
    }
    try sidecars.finish()
  }

  /// Takes the items that `catalog` links to; gives the nested catalogs not seen before, the first one last.
  private mutating func follow(_ catalog: StacDocument) throws -> [Child] {
    if catalog.type == "Collection" { sidecars.collections.insert(ExactText(catalog.json["id"]?.string ?? "")) }
    let base = Href(document: catalog.key, containerURL: sidecars.containerURL)
    var children: [Child] = []
    try catalog.json["links"]?.forEachElement { link in
      let rel = link["rel"]?.string
      guard rel == "item" || rel == "child" else { return }
      let href = link["href"]?.string ?? ""
      let key: String
      do {
        key = try base.key(of: href)
      } catch {
        return try sidecars.reject(href, HandlerError(.invalid, "\(catalog.key): the \(rel ?? "") link \(error)."))
      }
      if rel == "item" {
        try sidecars.add(key, href: href)
      } else if visited.insert(ExactText(key)).inserted {
        children.append((key, href))
      }
    }
    return children.reversed()
  }

  /// nil, and a reject, if there is no catalog.
  private mutating func read(_ child: Child) throws -> StacDocument? {
    do {
      let document = try StacDocument.read(task.storage, container, child.key)
      guard ["Catalog", "Collection"].contains(document.type) else {
        let reason = "\(child.key): a child link leads to it, but its type is \"\(document.type)\", not \"Catalog\" or \"Collection\"."
        try sidecars.reject(child.href, .invalid(reason, pointer: "/type"))
        return nil
      }
      guard let failure = try task.stac.check([document.withoutContents]).failures.first else { return document }
      try sidecars.reject(child.href, .invalid("\(child.key): \(failure.message)", pointer: failure.pointer ?? ""))
    } catch {
      guard error.status == .notFound || error.status == .invalid else { throw error }
      try sidecars.reject(child.href, error)
    }
    return nil
  }
}
