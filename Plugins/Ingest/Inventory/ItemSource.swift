import HandlerKit

/// A STAC item as the inventory reads it: its document, and where its hrefs lead.
struct ItemSource {
  /// The link that leads to it, as written.
  let href: String
  let document: StacDocument

  typealias Target = (name: String, key: Result<String, Href.Outside>)

  let assets: [Target]
  /// Of what is not structure and not absolute.
  let links: [Target]

  init(href: String, document: StacDocument, containerURL: String?) {
    self.href = href
    self.document = document
    let base = Href(document: document.key, containerURL: containerURL)
    assets = (document.json["assets"]?.members ?? []).map { name, asset in
      (name, Result { () throws(Href.Outside) in try base.key(of: asset["href"]?.string ?? "") })
    }
    links = StacLinks.carried(document.json).map { href in
      (href, Result { () throws(Href.Outside) in try base.key(of: href) })
    }
  }

  /// Its id; nil if it has none that could be used.
  var id: String? {
    guard let id = document.json["id"]?.string, !id.isEmpty else { return nil }
    return id
  }

  /// What a reject of it is called.
  var subject: String { id ?? href }

  /// Of the document and of all that can be in the container.
  var keys: [ExactText] {
    [ExactText(document.key)] + (assets + links).compactMap { if case .success(let key) = $0.key { ExactText(key) } else { nil } }
  }

  /// What makes it unfit whatever STAC's schemas say; nil if nothing does.
  func problem(collections: Set<ExactText>) -> HandlerError? {
    let json = document.json
    guard json.kind == .object else { return invalid("this is not a JSON object", "") }
    if let (key, pointer) = repeatedMember { return invalid("the member \"\(key)\" is there twice", pointer) }
    guard document.type == "Feature" else {
      return invalid("an item link leads to it, but its type is \"\(document.type)\", not \"Feature\"", "/type")
    }
    guard id != nil else { return invalid("its id is not a text of at least one character", "/id") }
    if json["geometry"]?.isNull == true {
      return invalid("its geometry is null, which the catalogue cannot hold", "/geometry")
    }
    if let collection = json["collection"]?.string, !collections.contains(ExactText(collection)) {
      return invalid("it belongs to the collection \"\(collection)\", not to this one", "/collection")
    }
    return nil
  }

  /// A member that stands twice where it would matter which one counts.
  private var repeatedMember: (key: String, pointer: String)? {
    for (part, pointer) in [(document.json, ""), (document.json["properties"], "/properties"), (document.json["assets"], "/assets")] {
      var seen: Set<ExactText> = []
      for (key, _) in part?.members ?? [] where !seen.insert(ExactText(key)).inserted { return (key, pointer) }
    }
    return nil
  }

  func invalid(_ reason: String, _ pointer: String) -> HandlerError {
    .invalid("\(document.key): \(reason).", pointer: pointer)
  }

  /// The item with what is `present`; throws what is missing, all of it.
  func item(_ present: [ExactText: ObjectHead], container: String) throws(HandlerError) -> IngestItem {
    var problems: [String] = []
    var files: [IngestItem.File] = []
    for (name, key) in assets {
      switch key {
      case .failure(let outside): problems.append("asset \(name): \(outside)")
      case .success(let key):
        if let head = present[ExactText(key)] {
          files.append(IngestItem.File(name: name, key: key, size: head.size, etag: head.etag))
        } else {
          problems.append("asset \(name): \(container)/\(key) does not exist")
        }
      }
    }
    guard let head = present[ExactText(document.key)] else {
      throw HandlerError(.conflict, "\(document.key): it was removed while it was read.")
    }
    if !problems.isEmpty { throw HandlerError(.notFound, "\(document.key): \(problems.joined(separator: "; ")).") }
    let linked = links.compactMap { href, key -> IngestItem.File? in
      // A dead link is dropped; it is no reason to reject the item.
      guard case .success(let key) = key, let head = present[ExactText(key)] else { return nil }
      return IngestItem.File(name: href, key: key, size: head.size, etag: head.etag)
    }
    return IngestItem(
      id: id ?? "", key: document.key, etag: head.etag, assets: files, links: linked.isEmpty ? nil : linked)
  }
}
