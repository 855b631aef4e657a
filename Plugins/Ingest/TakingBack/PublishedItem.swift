import HandlerKit

/// One item of a collection that is to be taken back: what *list_items* emits and *remove_items* works on.
struct PublishedItem: Decodable {
  let id: String
  /// The registration that put it; nil: somebody else did.
  let written_by: Int?
  /// Why it stays; nil: it goes.
  let stays: String?

  init?(_ json: JSONText) {
    guard let id = json["id"]?.string else { return nil }
    self.id = id
    written_by = json["written_by"]?.int
    stays = written_by == nil ? "it was not registered by weir" : nil
  }

  var json: JSONText {
    .object(["id": JSONText(id), "written_by": written_by.map { JSONText($0) }, "stays": stays.map { JSONText($0) }])
  }

  static let schema = Schema.object(
    required: ["id": .string("Id of the STAC item.")],
    optional: [
      "written_by": .integer("The registration that put it."), "stays": .string("Why it is not removed; absent: it is."),
    ])
}
