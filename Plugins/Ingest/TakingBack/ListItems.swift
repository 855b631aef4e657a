import HandlerKit

/// Lists the items of a collection, each with what is to become of it. Changes nothing.
struct ListItems: Handler {
  static let name = "ingest.list_items"
  static let version = "1.0.0"
  static let title: String? = "List the items of a collection, and which of them were registered by Weir"
  static let isIdempotent = true
  static let services: [Service] = [.stac]
  static let optional: [Service] = [.log, .progress]
  static let params = Schema.object(required: ["collection_id": .string()], optional: [:])
  static let items: Schema? = PublishedItem.schema
  static let result: Schema? = .object(required: [
    "items": .integer("That go.", minimum: 0), "items_staying": .integer(minimum: 0),
    "collection": .string("removed, staying or absent: what becomes of the collection itself."),
    "catalog_entries": .array(of: .string(), "Source ids in h3.source_catalog that go."),
  ])

  struct Params: Decodable {
    var collection_id: String
  }

  struct Result: Encodable {
    var items = 0
    var items_staying = 0
    var collection = "absent"
    var catalog_entries: [String] = []
  }

  func run(_ params: Params, _ task: Task) throws -> Result {
    var result = Result()
    let summary = try task.stac.published(.summary, of: params.collection_id)
    let total = summary["items"]?.int ?? 0
    try task.stac.eachPage(.items, of: params.collection_id) { page throws(HandlerError) in
      for item in (page["items"]?.elements ?? []).compactMap(PublishedItem.init) {
        if item.stays == nil { result.items += 1 } else { result.items_staying += 1 }
        try task.emit(item.json)
      }
      try task.progress.report(result.items + result.items_staying, of: total, "items listed")
    }
    if let collection = summary["collection"], !collection.isNull {
      let goes = collection["by_weir"]?.bool == true && result.items_staying == 0
      result.collection = goes ? "removed" : "staying"
    }
    result.catalog_entries = (summary["catalog_entries"]?.elements ?? []).compactMap(\.string)
    return result
  }
}
