import HandlerKit

/// One STAC item on its way: what *inventory* emits, *copy* passes on and *register_items* ends with.
struct IngestItem: Decodable {
  /// One object that goes with an item.
  struct File: Decodable {
    /// The asset's name; of a link its href as written.
    let name: String
    let key: String
    let size: Int
    /// As the inventory saw the source.
    let etag: String
    /// Where the copy is found, if the host says so.
    var url: String?

    var json: JSONText {
      .object([
        "name": JSONText(name), "key": JSONText(key), "size": JSONText(size), "etag": JSONText(etag),
        "url": url.map { JSONText($0) },
      ])
    }

    static let schema = Schema.object(
      required: ["name": .string(), "key": .string(), "size": .integer("bytes", minimum: 0), "etag": .string()],
      optional: ["url": .string("Where the copy is found.")])
  }

  let id: String
  /// Of its document, the sidecar, in the source container.
  let key: String
  /// Of the sidecar as the inventory saw it.
  let etag: String
  var assets: [File]
  /// Objects of the container that its links lead to, other items and catalogs apart; nil if there are none.
  var links: [File]?

  var files: [File] { assets + (links ?? []) }

  var json: JSONText {
    .object([
      "id": JSONText(id), "key": JSONText(key), "etag": JSONText(etag), "assets": .array(assets.map(\.json)),
      "links": links.map { .array($0.map(\.json)) },
    ])
  }

  static let schema = Schema.object(
    required: [
      "id": .string("Id of the STAC item."), "key": .string("Its document in the source container."),
      "etag": .string("Of the document when it was listed."), "assets": .array(of: File.schema),
    ],
    optional: ["links": .array(of: File.schema, "What else it links to inside the container.")])
}
