import HandlerKit

/// Turns a document as it lies in the source into what the catalogue shall hold; what it does not name stays as it is.
struct StacRewrite {
  /// Where the copy of an asset is found, by its name; an href that is not here stays.
  let assets: [ExactText: String]
  /// Where the copy of what a link leads to is found, by its href; a relative href that is not here leads nowhere.
  let links: [ExactText: String]
  /// Of an item: the collection it is registered in.
  let collection: String?

  func rewritten(_ document: JSONText) -> JSONText {
    let edited = document.editingMembers { key, value in
      switch key {
      case "links": .replace(value.editingElements(link))
      case "assets": .replace(value.editingMembers(asset))
      default: .keep
      }
    }
    return collection.map { edited.setting("collection", to: JSONText($0)) } ?? edited
  }

  private func link(_ link: JSONText) -> JSONText.Edit {
    if StacLinks.isStructural(link) { return .drop }
    guard let href = link["href"]?.string, !Href.isAbsolute(href) else { return .keep }
    guard let copy = links[ExactText(href)] else { return .drop }
    return .replace(link.setting("href", to: JSONText(copy)))
  }

  private func asset(_ name: String, _ asset: JSONText) -> JSONText.Edit {
    guard let url = assets[ExactText(name)] else { return .keep }
    return .replace(asset.setting("href", to: JSONText(url)))
  }
}
