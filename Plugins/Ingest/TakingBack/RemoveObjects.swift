import HandlerKit

/// Removes a batch of objects that were written for a collection, those that still are as they were listed.
struct RemoveObjects: Handler {
  static let name = "ingest.remove_objects"
  static let version = "1.0.0"
  static let title: String? = "Remove a batch of objects, those that are still as they were listed"
  static let isIdempotent = true
  static let services: [Service] = [.storage]
  static let optional: [Service] = [.log, .progress, .metric]
  static let params = Schema.object(required: ["objects": .array(of: PublishedObject.schema)], optional: [:])
  static let result: Schema? = .object(required: ["objects_removed": .integer(minimum: 0), "bytes_removed": .integer(minimum: 0)])

  struct Params: Decodable {
    var objects: [PublishedObject]
  }

  struct Result: Encodable {
    var objects_removed = 0
    var bytes_removed = 0
  }

  func run(_ params: Params, _ task: Task) throws -> Result {
    var result = Result()
    for (index, object) in params.objects.enumerated() where object.stays == nil {
      // somebody may have replaced it since it was listed: then it is not ours to remove
      guard let head = try task.storage.find(object.container, object.key), head.etag == object.etag else { continue }
      try task.storage.remove(object.container, object.key)
      result.objects_removed += 1
      result.bytes_removed += object.size
      if index % 50 == 49 { try task.progress.report(index + 1, of: params.objects.count, "objects looked at") }
    }
    try task.metrics.add("objects_removed", result.objects_removed)
    try task.metrics.add("bytes_removed", result.bytes_removed)
    return result
  }
}
