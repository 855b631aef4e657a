import HandlerKit

/// Puts a batch of items, whose assets are in place, into the catalogue with their hrefs rewritten.
struct RegisterItems: Handler {
  static let name = "ingest.register_items"
  static let version = "1.0.0"
  static let title: String? = "Register a batch of items whose assets are in place"
  static let isIdempotent = true
  static let services: [Service] = [.storage, .stac]
  static let optional: [Service] = [.log, .progress, .metric]
  static let params = Schema.object(
    required: [
      "items": .array(of: IngestItem.schema), "from": .string("Source container."), "to": .string("Target container."),
      "collection_id": .string("The collection to register them in."),
    ],
    optional: ["href_base": .string("Where others find the target container; the host's answer if absent.").orNull])
  static let result: Schema? = .object(required: ["registered": .integer(minimum: 0)])

  struct Params: Decodable {
    var items: [IngestItem]
    var from: String
    var to: String
    var collection_id: String
    var href_base: String?
  }

  struct Result: Encodable {
    var registered: Int
  }

  func run(_ params: Params, _ task: Task) throws -> Result {
    var registered = 0
    var start = 0
    while start < params.items.count {
      let part = params.items[start..<min(start + ItemDocuments.batch, params.items.count)]
      registered += try register(Array(part), params, task)
      start += part.count
      try task.progress.report(start, of: params.items.count, "items registered")
    }
    try task.metrics.add("items_registered", registered)
    return Result(registered: registered)
  }

  private func register(_ items: [IngestItem], _ params: Params, _ task: Task) throws -> Int {
    let reader = ItemDocuments(storage: task.storage, container: params.from)
    var documents: [JSONText] = []
    var sent: [IngestItem] = []
    for (item, result) in zip(items, try reader.read(items.map { ($0.key, $0.etag) })) {
      switch result {
      case .success(let document):
        documents.append(rewrite(item, params).rewritten(document))
        sent.append(item)
      case .failure(let error): try settle(item, error, task)
      }
    }
    if sent.isEmpty { return 0 }
    let failures = try task.stac.putItems(params.collection_id, documents).failures
    for failure in failures where sent.indices.contains(failure.index) {
      let details = failure.pointer.map { JSONText.object(["pointer": JSONText($0)]) }
      try settle(sent[failure.index], HandlerError(failure.status, failure.message, details: details), task)
    }
    return sent.count - failures.count
  }

  private func rewrite(_ item: IngestItem, _ params: Params) -> StacRewrite {
    let target = ContainerURL(params.to, root: params.href_base)
    let urls = { (files: [IngestItem.File]) in
      Dictionary(files.map { (ExactText($0.name), (params.href_base == nil ? $0.url : nil) ?? target.url(of: $0.key)) }) { $1 }
    }
    return StacRewrite(assets: urls(item.assets), links: urls(item.links ?? []), collection: params.collection_id)
  }

  /// Asks for another attempt while that may help; else the item is a reject.
  private func settle(_ item: IngestItem, _ error: HandlerError, _ task: Task) throws(HandlerError) {
    if error.status.isRetryable, !task.isLastAttempt { throw .retry("\(item.id): \(error.message)") }
    try task.reject(item.id, error)
  }
}
