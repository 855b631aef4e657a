import HandlerKit

/// Removes a batch of a collection's items, those that still are as they were listed.
struct RemoveItems: Handler {
  static let name = "ingest.remove_items"
  static let version = "1.0.0"
  static let title: String? = "Remove a batch of items from the catalogue, those that are still as they were listed"
  static let isIdempotent = true
  static let services: [Service] = [.stac]
  static let optional: [Service] = [.log, .metric]
  static let params = Schema.object(
    required: ["collection_id": .string(), "items": .array(of: PublishedItem.schema)], optional: [:])
  static let result: Schema? = .object(required: ["items_removed": .integer(minimum: 0)])

  struct Params: Decodable {
    var collection_id: String
    var items: [PublishedItem]
  }

  struct Result: Encodable {
    var items_removed: Int
  }

  func run(_ params: Params, _ task: Task) throws -> Result {
    let going = params.items.compactMap { item in item.stays == nil ? item.written_by.map { (id: item.id, writtenBy: $0) } : nil }
    if going.isEmpty { return Result(items_removed: 0) }
    let removed = try remove(going, params.collection_id, task)
    try task.metrics.add("items_removed", removed)
    return Result(items_removed: removed)
  }

  /// A collection that is gone took its items along.
  private func remove(_ items: [(id: String, writtenBy: Int)], _ collection: String, _ task: Task) throws(HandlerError) -> Int {
    let report: StacReport
    do {
      report = try task.stac.removeItems(collection, items)
    } catch {
      if error.status == .notFound { return 0 }
      throw error
    }
    if let failure = report.failures.first { throw HandlerError(failure.status, failure.message) }
    return report.removed
  }
}
