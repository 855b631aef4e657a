import HandlerKit

/// Removes the collection and its catalogue entries, once its items and objects are gone, and reports.
struct Withdraw: Handler {
  static let name = "ingest.withdraw"
  static let version = "1.0.0"
  static let title: String? = "Remove the collection and its catalogue entries, and report"
  static let isIdempotent = true
  static let services: [Service] = [.stac]
  static let optional: [Service] = [.log]
  static let params = Schema.object(
    required: ["collection_id": .string(), "objects_staying": .integer("Of those listed.", minimum: 0)],
    optional: [
      "items_removed": Schema.integer(minimum: 0).orNull, "objects_removed": Schema.integer(minimum: 0).orNull,
      "bytes_removed": Schema.integer(minimum: 0).orNull, "objects": Schema.integer("That were to go.", minimum: 0).orNull,
    ])
  static let result: Schema? = .object(required: [
    "collection_id": .string(), "items_removed": .integer(), "objects_removed": .integer(), "bytes_removed": .integer(),
    "objects_staying": .integer(), "items_staying": .integer(), "collection_removed": .boolean(), "catalog_entries_removed": .integer(),
  ])

  struct Params: Decodable {
    var collection_id: String
    var objects_staying: Int
    var items_removed, objects_removed, bytes_removed, objects: Int?
  }

  struct Result: Encodable {
    var collection_id: String
    var items_removed, objects_removed, bytes_removed, objects_staying, items_staying: Int
    var collection_removed: Bool
    var catalog_entries_removed: Int
  }

  func run(_ params: Params, _ task: Task) throws -> Result {
    let report = try task.stac.withdraw(params.collection_id, forgetsObjects: params.objects_staying == 0)
    let left = report["items_left"]?.int ?? 0
    if left > 0 {
      let failures = try task.stac.finish(params.collection_id).failures
      if let failure = failures.first { throw HandlerError(failure.status, "\(params.collection_id): \(failure.message)") }
      task.log.warning("The collection stays: others registered items in it", ["items": JSONText(left)])
    }
    return Result(
      collection_id: params.collection_id, items_removed: params.items_removed ?? 0, objects_removed: params.objects_removed ?? 0,
      bytes_removed: params.bytes_removed ?? 0, objects_staying: params.objects_staying, items_staying: left,
      collection_removed: report["collection"]?.bool ?? false, catalog_entries_removed: report["catalog_entries"]?.int ?? 0)
  }
}
