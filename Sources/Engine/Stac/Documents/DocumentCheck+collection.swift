internal import Workflow

extension DocumentCheck {
  mutating func catalog(_ document: RawJSON) {
    require(document, ["stac_version", "id", "description", "links"])
  }

  mutating func collection(_ document: RawJSON) {
    require(document, ["stac_version", "id", "description", "license", "extent", "links"]) { check, key, value in
      switch key {
      case "license": check.license(value, key)
      case "extent": check.extent(value)
      case "summaries": check.summaries(value)
      case "item_assets": check.itemAssets(value)
      default: break
      }
    }
  }

  private mutating func require(
    _ document: RawJSON, _ names: [String], _ other: (inout DocumentCheck, String, RawJSON) -> Void = { _, _, _ in }
  ) {
    var rest = Set(names)
    document.forEachMember { key, value in
      rest.remove(key)
      if key == "description" {
        _ = text(value, key)
      } else if !shared(key, value) {
        other(&self, key, value)
      }
    }
    for name in names where rest.contains(name) { missing(name) }
  }

  private mutating func extent(_ value: RawJSON) {
    guard expect(.object, value, "extent") else { return }
    inside("extent") { check in
      check.extents(value, "spatial", "bbox") { check, element, token in check.box(element, token) }
      check.extents(value, "temporal", "interval") { check, element, token in check.interval(element, token) }
    }
  }

  private mutating func extents(
    _ extent: RawJSON, _ name: String, _ member: String, _ body: (inout DocumentCheck, RawJSON, String) -> Void
  ) {
    guard let part = extent.member(name) else { return missing(name) }
    guard expect(.object, part, name) else { return }
    inside(name) { check in
      guard let list = part.member(member) else { return check.missing(member) }
      guard check.expect(.array, list, member) else { return }
      check.inside(member) { check in
        var index = 0
        list.forEachElement { element in
          body(&check, element, String(index))
          index += 1
        }
        if index == 0 { check.report("is empty") }
      }
    }
  }

  private mutating func interval(_ value: RawJSON, _ token: String) {
    guard expect(.array, value, token) else { return }
    guard value.elementCount == 2 else { return report(at: token, "an interval has two times; null leaves a side open") }
    inside(token) { check in
      var times: [StacTime] = []
      var index = 0
      value.forEachElement { element in
        if !element.isNull, let time = check.time(element, String(index)) { times.append(time) }
        index += 1
      }
      if times.count == 2, times[0] > times[1] { check.report("the interval begins after its end") }
    }
  }

  private mutating func itemAssets(_ value: RawJSON) {
    guard expect(.object, value, "item_assets") else { return }
    inside("item_assets") { check in
      value.forEachMember { name, asset in
        guard check.expect(.object, asset, name) else { return }
        check.inside(name) { check in
          asset.forEachMember { key, value in
            switch key {
            case "href": check.report(at: key, "is not allowed in item_assets")
            case "title", "description", "type": _ = check.expect(.string, value, key)
            case "roles": check.strings(value, key)
            default: break
            }
          }
        }
      }
    }
  }

  private mutating func summaries(_ value: RawJSON) {
    guard expect(.object, value, "summaries") else { return }
    inside("summaries") { check in
      value.forEachMember { name, summary in
        let isShaped = (summary.kind == .object || summary.kind == .array) && summary.elementCount > 0
        if !isShaped { check.report(at: name, "expected are values in an array, a range or a JSON Schema") }
      }
    }
  }
}
