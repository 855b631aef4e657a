import HandlerKit

/// Reconciles what was listed, copied and registered; computes statistics and extent; enters the source catalogue.
///
/// Refuses when the counts differ: then the job has failed, whatever its stages say.
struct Finalize: Handler {
  static let name = "ingest.finalize"
  static let version = "1.0.0"
  static let title: String? = "Reconcile the counts, compute statistics and extent, and write the report"
  static let isIdempotent = true
  static let services: [Service] = [.stac]
  static let optional: [Service] = [.log]
  static let params = Schema.object(
    required: [
      "collection_id": .string(), "to": .string("Target container."),
      "listed": .integer("Items that the inventory found.", minimum: 0),
      "rejected": .integer("Of those, its rejects.", minimum: 0),
    ],
    optional: [
      "copied": count("Items copied."), "skipped": count("Items that were in place."),
      "copy_failed": count("Items that were not copied."), "registered": count("Items registered."),
      "register_failed": count("Items that were copied but not registered."), "files_copied": count("Assets copied."),
      "files_skipped": count("Assets in place."), "bytes_copied": count("Bytes copied."),
      "keywords": Schema.array(of: .string(), "Of the collection.").orNull,
      "h3_theme": Schema.string("Theme in h3.source_catalog; inferred from the keywords if absent.").orNull,
      "prune": .boolean("Remove the items of earlier ingests that this one did not list.", default: false),
      "prune_limit": .number("The share of the items that may be pruned at most: 0 to 1.", default: 0.2),
    ])
  static let result: Schema? = .object(
    required: [
      "collection_id": .string(), "listed": .integer(), "copied": .integer(), "skipped": .integer(), "failed": .integer(),
      "registered": .integer(), "files_copied": .integer(), "files_skipped": .integer(), "bytes_copied": .integer(),
    ],
    optional: [
      "items_in_collection": .integer(), "theme": .string(), "pruned": .integer("Items removed that left the source.", minimum: 0),
      "prune_skipped": .string("Why nothing was pruned although it was asked for."),
    ])

  /// A total of a stage that had no task is null.
  private static func count(_ description: String) -> Schema { Schema.integer(description, minimum: 0).orNull }

  struct Params: Decodable {
    var collection_id: String
    var to: String
    var listed: Int
    var rejected: Int
    var copied, skipped, copy_failed, registered, register_failed, files_copied, files_skipped, bytes_copied: Int?
    var keywords: [String]?
    var h3_theme: String?
    var prune: Bool?
    var prune_limit: Double?
  }

  struct Result: Encodable {
    var collection_id: String
    var listed, copied, skipped, failed, registered: Int
    var files_copied, files_skipped, bytes_copied: Int
    var items_in_collection: Int?
    var theme: String?
    var pruned: Int?
    var prune_skipped: String?
  }

  func run(_ params: Params, _ task: Task) throws -> Result {
    let counts = Reconciliation(
      listed: params.listed, rejected: params.rejected, copied: params.copied ?? 0, skipped: params.skipped ?? 0,
      copyFailed: params.copy_failed ?? 0, registered: params.registered ?? 0, registerFailed: params.register_failed ?? 0)
    try refuse(counts.problem(inCatalogue: nil), params)
    let theme = params.h3_theme ?? Theme.inferred(from: params.keywords ?? [])
    if theme == nil {
      task.log.warning(
        "The keywords name no theme for h3.source_catalog: the entry has none. Give it as h3_theme.",
        ["keywords": .array((params.keywords ?? []).map { JSONText($0) })])
    }
    let items = try finish(params, theme, task)
    try refuse(counts.problem(inCatalogue: items), params)
    var result = Result(
      collection_id: params.collection_id, listed: counts.listed, copied: counts.copied, skipped: counts.skipped,
      failed: counts.failed, registered: counts.registered, files_copied: params.files_copied ?? 0,
      files_skipped: params.files_skipped ?? 0, bytes_copied: params.bytes_copied ?? 0, items_in_collection: items, theme: theme)
    if params.prune ?? false { try prune(params, theme, failed: counts.failed, &result, task) }
    return result
  }

  /// Statistics, extent and catalogue entry; the number of items in the collection.
  private func finish(_ params: Params, _ theme: String?, _ task: Task) throws -> Int? {
    let report = try task.stac.finish(params.collection_id, options: catalogEntry(params, theme))
    if let failure = report.failures.first { throw HandlerError(failure.status, "\(params.collection_id): \(failure.message)") }
    return report.json["items"]?.int
  }

  private func prune(_ params: Params, _ theme: String?, failed: Int, _ result: inout Result, _ task: Task) throws {
    switch try Pruning(task, collection: params.collection_id, limit: params.prune_limit ?? 0.2).run(failed: failed) {
    case .skipped(let reason):
      task.log.warning("Nothing was pruned: \(reason)")
      result.pruned = 0
      result.prune_skipped = reason
    case .pruned(let count):
      result.pruned = count
      if count > 0 { result.items_in_collection = try finish(params, theme, task) }
    }
  }

  private func refuse(_ problem: String?, _ params: Params) throws(HandlerError) {
    guard let problem else { return }
    throw .failed("\(params.collection_id) is not complete: \(problem). The job's rejects and failed tasks say what is missing.")
  }

  private func catalogEntry(_ params: Params, _ theme: String?) -> JSONText {
    .object([
      "catalog": .object([
        "theme": theme.map { JSONText($0) },
        "container": JSONText(params.to),
      ])
    ])
  }
}
