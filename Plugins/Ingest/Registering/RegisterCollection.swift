import HandlerKit

/// Puts the collection into the catalogue and makes the partitions for its items, once, before they come.
///
/// Its own assets (thumbnails and the like) are copied to the target and their hrefs rewritten; one that cannot be
/// copied is a reject and left out. An asset with an absolute href elsewhere stays as it is.
struct RegisterCollection: Handler {
  static let name = "ingest.register_collection"
  static let version = "1.0.0"
  static let title: String? = "Register the collection and make the partitions for its items"
  static let isIdempotent = true
  static let services: [Service] = [.storage, .stac]
  static let optional: [Service] = [.log]
  static let params = Schema.object(
    required: [
      "container": .string("Where the collection is."), "collection": .string("Key of its document."),
      "to": .string("Target container."),
      "intervals": .array(of: .array(of: .string()), "Times of the items, as the inventory gives them."),
    ],
    optional: ["href_base": .string("Where others find the target container; the host's answer if absent.").orNull])
  static let result: Schema? = .object(required: ["collection_id": .string(), "assets": .integer("Copied with it.", minimum: 0)])

  struct Params: Decodable {
    var container: String
    var collection: String
    var to: String
    var intervals: [[String]]
    var href_base: String?
  }

  struct Result: Encodable {
    var collection_id: String
    var assets: Int
  }

  func run(_ params: Params, _ task: Task) throws -> Result {
    let storage = task.storage
    let document = try StacDocument.read(storage, params.container, params.collection)
    guard let id = document.json["id"]?.string else {
      throw HandlerError.failed("\(params.container)/\(params.collection): the collection has no id.")
    }
    var files = CollectionFiles(task, document, to: params.to, hrefBase: params.href_base)
    try files.copy(from: params.container, to: params.to)
    let rewrite = StacRewrite(assets: files.assets, links: files.links, collection: nil)
    try putCollection(without(files.missing, rewrite.rewritten(document.json)), task)
    try task.stac.prepare(id, intervals: task.params["intervals"] ?? .array([]))
    task.log.info("Registered collection", ["collection": JSONText(id), "assets": JSONText(files.assets.count)])
    return Result(collection_id: id, assets: files.assets.count)
  }

  private func putCollection(_ document: JSONText, _ task: Task) throws {
    guard let failure = try task.stac.putCollection(document).failures.first else { return }
    throw HandlerError(failure.status, "The catalogue refuses the collection: \(failure.message)")
  }

  private func without(_ assets: Set<ExactText>, _ document: JSONText) -> JSONText {
    document.editingMembers { key, value in
      guard key == "assets" else { return .keep }
      return .replace(value.editingMembers { name, _ in assets.contains(ExactText(name)) ? .drop : .keep })
    }
  }
}
