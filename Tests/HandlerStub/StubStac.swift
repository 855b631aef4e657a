import HandlerABI
public import HandlerKit

/// `weir.stac/1` over dictionaries. It checks the members that STAC requires, not the schemas.
public final class StubStac {
  public internal(set) var collections: [String: JSONText] = [:]
  public internal(set) var items: [String: [String: JSONText]] = [:]
  public internal(set) var prepared: JSONText?
  public internal(set) var finished: JSONText?
  /// The elements of `remove_items`, as they were given.
  public internal(set) var removed: [JSONText] = []
  /// The options of `withdraw`.
  public internal(set) var withdrawn: JSONText?
  /// What `published` answers, by "what" and page.
  public var pages: [String: [JSONText]] = [:]
  /// An item with one of these ids gives the status when it is put.
  public var failing: [String: Int] = [:]

  func problem(_ document: JSONText) -> (pointer: String, message: String)? {
    let members = ["id", "stac_version", "links"]
    let required = document["type"]?.string == "Feature" ? members + ["geometry", "properties", "assets"] : members + ["description"]
    for name in required where document[name] == nil { return ("", "\(name) is missing") }
    if document["stac_version"]?.string?.hasPrefix("1.") != true { return ("/stac_version", "stac_version is not 1.0 or 1.1") }
    return nil
  }

  static func failures(_ found: [(index: Int, id: String?, status: Int, pointer: String, message: String)]) -> JSONText {
    .array(
      found.map { failure in
        .object([
          "index": JSONText(failure.index), "id": failure.id.map { JSONText($0) }, "status": JSONText(failure.status),
          "pointer": JSONText(failure.pointer), "message": JSONText(failure.message),
        ])
      })
  }
}
