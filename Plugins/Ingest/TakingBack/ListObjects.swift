import HandlerKit

/// Lists the objects that ingests of a collection wrote, each with what is to become of it. Changes nothing.
///
/// An object goes only if Weir wrote it, nobody changed it since, and neither another collection nor an item that stays needs
/// it. What was there before Weir came is not listed at all unless an ingest found it in place: then it stays, with the reason.
struct ListObjects: Handler {
  static let name = "ingest.list_objects"
  static let version = "1.0.0"
  static let title: String? = "List the objects that were copied for a collection, and what stays of them and why"
  static let isIdempotent = true
  static let services: [Service] = [.stac, .storage]
  static let optional: [Service] = [.log, .progress]
  static let params = Schema.object(required: ["collection_id": .string()], optional: [:])
  static let items: Schema? = PublishedObject.schema
  static let result: Schema? = .object(required: [
    "objects": .integer("That go.", minimum: 0), "bytes": .integer("Of those.", minimum: 0), "objects_staying": .integer(minimum: 0),
  ])

  struct Params: Decodable {
    var collection_id: String
  }

  struct Result: Encodable {
    var objects = 0
    var bytes = 0
    var objects_staying = 0
  }

  func run(_ params: Params, _ task: Task) throws -> Result {
    var result = Result()
    var seen = Fingerprints()
    var standing = StandingObjects(task)
    var needed = try NeededElsewhere(task, collection: params.collection_id)
    try task.stac.eachPage(.objects, of: params.collection_id) { page throws(HandlerError) in
      let entries = page["objects"]?.elements ?? []
      let heads = try standing.heads(of: entries)
      for (entry, head) in zip(entries, heads) {
        guard let container = entry["container"]?.string, let key = entry["key"]?.string, let head else { continue }
        guard seen.insert("\(container)/\(key)") else { continue }
        let stays = try needed.reason(container, key) ?? Self.reason(entry, head)
        if stays == nil {
          result.objects += 1
          result.bytes += head.size
        } else {
          result.objects_staying += 1
        }
        try task.emit(PublishedObject(container: container, key: key, etag: head.etag, size: head.size, stays: stays).json)
      }
      try task.progress.report(result.objects + result.objects_staying, of: 0, "objects listed")
    }
    return result
  }

  /// Why an object stays although no other item needs it; nil if it is just as Weir wrote it.
  static func reason(_ entry: JSONText, _ head: ObjectHead) -> String? {
    if let other = entry["shared_with"]?.string { return "collection \"\(other)\" needs it too" }
    let etag = entry["etag"]?.string
    if etag == head.etag { return nil }
    // A host that died in the middle of a copy left no ETag behind, only when it began.
    if let since = entry["since"]?.string.flatMap(Instant.init), let modified = head.modified.flatMap(Instant.init), since <= modified {
      return nil
    }
    return etag == nil ? "it was there before weir came" : "it was changed after weir wrote it"
  }
}
