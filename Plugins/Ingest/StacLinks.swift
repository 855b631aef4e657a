import HandlerKit

/// Which links of a STAC document are structure, and which carry something of their own.
enum StacLinks {
  /// What the catalogue's own API writes, or what leads to documents that the catalogue replaces.
  private static let structural: Set<String> = ["self", "root", "parent", "child", "item", "items", "collection"]

  static func isStructural(_ link: JSONText) -> Bool {
    structural.contains(link["rel"]?.string ?? "")
  }

  /// The hrefs, as written and each once, that are neither structure nor absolute.
  static func carried(_ document: JSONText) -> [String] {
    var seen: Set<ExactText> = []
    return (document["links"]?.elements ?? []).compactMap { link in
      guard !isStructural(link), let href = link["href"]?.string, !Href.isAbsolute(href) else { return nil }
      return seen.insert(ExactText(href)).inserted ? href : nil
    }
  }
}
