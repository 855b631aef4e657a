import HandlerKit

/// Lists a STAC collection: one item for each STAC item, with all its assets, their sizes and ETags.
///
/// What cannot be ingested is a reject with its reason: a link that leaves the container, a missing or invalid
/// document, a second item with the same id (the first in the order of links is kept), a missing asset.
struct Inventory: Handler {
  static let name = "ingest.inventory"
  static let version = "1.0.0"
  static let title: String? = "List the items and assets of a collection, and see that the target container is there"
  static let isIdempotent = true
  static let services: [Service] = [.storage, .stac]
  static let optional: [Service] = [.log, .progress, .metric]
  static let params = Schema.object(
    required: ["container": .string("Where the collection is.")],
    optional: [
      "collection": .string("Key of the collection's document.", default: "collection.json"),
      "target": .string("A container that must be there when this ends."),
      "create_target": .boolean("Make the target if there is none.", default: true),
    ])
  static let items: Schema? = IngestItem.schema
  static let result: Schema? = .object(required: [
    "collection": .string("Key of the collection's document."),
    "collection_id": .string(),
    "items_listed": .integer("Links to items, each object once; an unreadable nested catalog counts as one.", minimum: 0),
    "rejected": .integer("Of those, what is a reject.", minimum: 0),
    "files": .integer("Objects to copy for the others, each once.", minimum: 0),
    "bytes": .integer(minimum: 0),
    "intervals": .array(of: .array(of: .string()), "Corners of the items' times, for partitions."),
    "keywords": .array(of: .string()),
  ])

  struct Params: Decodable {
    var container: String
    var collection: String?
    var target: String?
    var create_target: Bool?
  }

  struct Result: Encodable {
    var collection: String
    var collection_id: String
    var items_listed: Int
    var rejected: Int
    var files: Int
    var bytes: Int
    var intervals: [[String]]
    var keywords: [String]
  }

  func run(_ params: Params, _ task: Task) throws -> Result {
    if let target = params.target { try ensure(target, make: params.create_target ?? true, task) }
    let key = params.collection ?? "collection.json"
    let collection = try readCollection(params.container, key, task)
    let sidecars = try Sidecars(task, container: params.container, collection: collection)
    var walk = CatalogWalk(task, container: params.container, sidecars: sidecars)
    try walk.visit(collection)
    let counts = walk.sidecars.counts
    try task.metrics.add("items_listed", counts.listed)
    try task.metrics.add("files_listed", counts.files)
    try task.metrics.add("bytes_listed", counts.bytes)
    try task.progress.report(counts.listed, of: counts.listed, "listed")
    return Result(
      collection: key, collection_id: collection.json["id"]?.string ?? "", items_listed: counts.listed,
      rejected: counts.rejected, files: counts.files, bytes: counts.bytes, intervals: walk.sidecars.times.intervals,
      keywords: (collection.json["keywords"]?.elements ?? []).compactMap(\.string))
  }

  private func ensure(_ target: String, make: Bool, _ task: Task) throws {
    if make { return try task.storage.makeContainer(target) }
    do {
      _ = try task.storage.list(target, limit: 1)
    } catch {
      guard error.status == .notFound else { throw error }
      throw HandlerError.failed("There is no container \(target). Make it, or set create_target_container to true.")
    }
  }

  private func readCollection(_ container: String, _ key: String, _ task: Task) throws -> StacDocument {
    let document: StacDocument
    do {
      document = try StacDocument.read(task.storage, container, key)
    } catch {
      guard error.status == .notFound else { throw error }
      throw HandlerError.failed("\(error.message) Name the collection's document with collection_json_path.")
    }
    guard document.type == "Collection" else {
      throw HandlerError.failed("\(container)/\(key): this is no STAC collection: its type is \"\(document.type)\".")
    }
    let version = document.json["stac_version"]?.string ?? ""
    guard version.hasPrefix("1.0.") || version.hasPrefix("1.1.") else {
      throw HandlerError.failed("\(container)/\(key): stac_version is \"\(version)\"; 1.0 and 1.1 can be read.")
    }
    if let failure = try task.stac.check([document.withoutContents]).failures.first {
      throw HandlerError.failed("\(container)/\(key): \(failure.message)")
    }
    return document
  }
}
