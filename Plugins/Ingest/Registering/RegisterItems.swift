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

  /// Documents in memory at once.
  private static let batch = 200

  func run(_ params: Params, _ task: Task) throws -> Result {
    var registered = 0
    var start = 0
    while start < params.items.count {
      let part = params.items[start..<min(start + Self.batch, params.items.count)]
      registered += try register(Array(part), params, task)
      start += part.count
      try task.progress.report(start, of: params.items.count, "items registered")
    }
    try task.metrics.add("items_registered", registered)
    return Result(registered: registered)
  }

  private func register(_ items: [IngestItem], _ params: Params, _ task: Task) throws -> Int {
    let answers = try task.storage.readMany(items.map { ReadRequest(params.from, $0.key, etag: $0.etag) })
    var documents: [JSONText] = []
    var sent: [IngestItem] = []
    for (item, answer) in zip(items, answers) {
      if let failure = answer.failure {
        try settle(item, failure, "\(params.from)/\(item.key): \(reason(failure)).", task)
      } else if let document = try? JSONText(validating: answer.bytes) {  // it was JSON when the inventory read this ETag
        documents.append(rewrite(item, params).rewritten(document))
        sent.append(item)
      } else {
        try settle(item, .invalid, "\(params.from)/\(item.key): this is not JSON.", task)
      }
    }
    if sent.isEmpty { return 0 }
    let failures = try task.stac.putItems(params.collection_id, documents).failures
    for failure in failures where sent.indices.contains(failure.index) {
      try settle(sent[failure.index], failure.status, failure.message, task, pointer: failure.pointer)
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

  private func reason(_ status: Status) -> String {
    switch status {
    case .conflict: "it changed after the inventory; submit the job again"
    case .notFound: "it was removed after the inventory"
    default: "it could not be read, \(status)"
    }
  }

  private func settle(_ item: IngestItem, _ status: Status, _ reason: String, _ task: Task, pointer: String? = nil) throws {
    if status.isRetryable, !task.isLastAttempt { throw HandlerError.retry("\(item.id): \(reason)") }
    let details = pointer.map { JSONText.object(["pointer": JSONText($0)]) }
    try task.reject(item.id, HandlerError(status, reason, details: details))
  }
}
