import HandlerKit

/// One object that was copied for a collection: what *list_objects* emits and *remove_objects* works on.
struct PublishedObject: Decodable {
  let container: String
  let key: String
  /// As it stood when it was listed.
  let etag: String
  let size: Int
  /// Why it stays; nil: it goes.
  let stays: String?

  var json: JSONText {
    .object([
      "container": JSONText(container), "key": JSONText(key), "etag": JSONText(etag), "size": JSONText(size),
      "stays": stays.map { JSONText($0) },
    ])
  }

  static let schema = Schema.object(
    required: [
      "container": .string(), "key": .string(), "etag": .string("As it stood when it was listed."), "size": .integer("bytes", minimum: 0),
    ],
    optional: ["stays": .string("Why it is not removed; absent: it is.")])
}
