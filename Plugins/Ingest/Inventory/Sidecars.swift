import HandlerKit

/// Reads the documents of items in batches, checks them, finds their assets and emits what is whole.
struct Sidecars {
  struct Counts {
    var listed = 0
    var rejected = 0
    var files = 0
    var bytes = 0
  }

  private let task: Task
  private let container: String
  private var heads: ObjectHeads
  private var waiting: [(key: String, href: String)] = []
  private var keys = Fingerprints()
  private var ids = Fingerprints()
  private var files = Fingerprints()
  /// Documents by the id that they have, to name them: of so many ids as memory allows.
  private var firstKeys: [ExactText: String] = [:]

  /// With "/" at its end, if the host says it.
  let containerURL: String?
  /// Ids of the collection and those nested in it.
  var collections: Set<ExactText> = []
  private(set) var counts = Counts()
  private(set) var times = TimeCorners()

  private static let mostFirstKeys = 100_000

  init(_ task: Task, container: String, collection: StacDocument) throws {
    self.task = task
    self.container = container
    let folder = collection.key.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(collection.key[...$0]) } ?? ""
    heads = ObjectHeads(task.storage, container, prefix: folder)
    containerURL = ContainerURL.root(of: try task.storage.stat(container, collection.key).url, key: collection.key)
  }

  /// Takes the item at `key`; a second link to it is the same item.
  mutating func add(_ key: String, href: String) throws {
    guard keys.insert(key) else { return }
    counts.listed += 1
    waiting.append((key, href))
    if waiting.count == ItemDocuments.batch { try finish() }
  }

  /// Rejects a link that leads to no item.
  mutating func reject(_ href: String, _ reason: HandlerError) throws(HandlerError) {
    counts.listed += 1
    try refuse(href, reason)
  }

  /// Reads and emits what waits.
  mutating func finish() throws {
    let items = try checked(read(waiting))
    waiting.removeAll(keepingCapacity: true)
    let present = try heads.heads(of: Set(items.flatMap(\.keys)))
    for item in items { try emit(item, present) }
    try task.progress.report(counts.listed, of: 0, "items read")
  }

  private mutating func refuse(_ subject: String, _ reason: HandlerError) throws(HandlerError) {
    counts.rejected += 1
    try task.reject(subject, reason)
  }

  private mutating func read(_ links: [(key: String, href: String)]) throws -> [ItemSource] {
    let documents = ItemDocuments(storage: task.storage, container: container)
    var items: [ItemSource] = []
    for ((key, href), result) in zip(links, try documents.read(links.map { ($0.key, nil) })) {
      switch result {
      case .success(let json):
        items.append(ItemSource(href: href, document: StacDocument(key: key, json: json), containerURL: containerURL))
      case .failure(let error):
        if error.status.isRetryable { throw error }
        try refuse(href, error)
      }
    }
    return items
  }

  /// Those that are STAC items with a time, and the first with their id.
  private mutating func checked(_ items: [ItemSource]) throws -> [ItemSource] {
    var candidates: [ItemSource] = []
    for item in items {
      if let problem = item.problem(collections: collections) {
        try refuse(item.subject, problem)
      } else {
        candidates.append(item)
      }
    }
    if candidates.isEmpty { return [] }
    let report = try task.stac.check(candidates.map(\.document.json))
    let failures = Dictionary(report.failures.map { ($0.index, $0) }) { first, _ in first }
    var good: [ItemSource] = []
    for (index, item) in candidates.enumerated() {
      if let failure = failures[index] {
        try refuse(item.subject, item.invalid(failure.message, failure.pointer ?? ""))
      } else if let problem = admit(item) {
        try refuse(item.subject, problem)
      } else {
        good.append(item)
      }
    }
    return good
  }

  /// Takes note of its id and time; what speaks against it, if anything does.
  private mutating func admit(_ item: ItemSource) -> HandlerError? {
    if !ids.insert(item.subject) {
      let first = firstKeys[ExactText(item.subject)] ?? "an item listed before it"
      return HandlerError(.conflict, "\(item.document.key): \(first) has the same id, was listed first and is kept.")
    }
    if firstKeys.count < Self.mostFirstKeys { firstKeys[ExactText(item.subject)] = item.document.key }
    do {
      try times.add(item.document.json)
      return nil
    } catch {
      return HandlerError(error.status, "\(item.document.key): \(error.message)", details: error.details)
    }
  }

  private mutating func emit(_ source: ItemSource, _ present: [ExactText: ObjectHead]) throws(HandlerError) {
    do {
      let item = try source.item(present, container: container)
      for file in item.files where files.insert(file.key) {
        counts.files += 1
        counts.bytes += file.size
      }
      try task.emit(item.json)
    } catch {
      if error.status != .notFound, error.status != .conflict { throw error }
      try refuse(source.subject, error)
    }
  }
}
