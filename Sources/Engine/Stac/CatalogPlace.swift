internal import Workflow

/// What `finish` is told for the entry in the source catalog; the rest comes from the collection.
struct CatalogPlace {
  private let theme: String?
  private let container: String
  private let prefix: String
  private let sourceID: String?
  private let jobID: Int64?

  /// Nil when the options ask for no entry.
  init?(_ options: String?, jobID: Int64?) throws(StacError) {
    guard let catalog = try StacOptions.members(options, "finish", known: ["catalog"])["catalog"], !catalog.isNull else {
      return nil
    }
    let members = try StacOptions.members(catalog.text, "finish: catalog", known: ["theme", "container", "prefix", "source_id"])
    func text(_ key: String) throws(StacError) -> String? {
      guard let value = members[key], !value.isNull else { return nil }
      if let text = value.string, !text.isEmpty || key == "prefix" { return text }
      let problem = StacProblem(pointer: "/catalog/" + key, message: "must be a text that is not empty")
      throw StacError(.invalid([problem]), "finish")
    }
    guard let container = try text("container") else {
      throw StacError(.invalid([StacProblem(pointer: "/catalog", message: "\"container\" is missing")]), "finish")
    }
    self.container = container
    theme = try text("theme")
    prefix = try text("prefix") ?? ""
    sourceID = try text("source_id")
    self.jobID = jobID
  }

  func entry(_ collection: String, _ content: RawJSON, _ finish: StacFinish) -> SourceEntry {
    var keywords: [String] = []
    content.member("keywords")?.forEachElement { keyword in keywords += keyword.string.map { [$0] } ?? [] }
    return SourceEntry(
      sourceID: sourceID ?? collection, collectionID: collection, theme: theme,
      title: content.member("title")?.string ?? collection, description: content.member("description")?.string,
      keywords: keywords, license: content.member("license")?.string, itemCount: finish.items, extent: finish.extent,
      assetContainer: container, assetPrefix: prefix, jobID: jobID)
  }
}
