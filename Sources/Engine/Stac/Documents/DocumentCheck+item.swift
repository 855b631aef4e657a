internal import Workflow

extension DocumentCheck {
  /// Checks an item and gives its parts.
  ///
  /// The specification allows "collection" only beside a link to it; that is not demanded, since STAC APIs drop the
  /// link and make their own.
  mutating func item(_ document: RawJSON) -> ItemParts {
    var parts = ItemParts()
    var links: RawJSON?
    var box: RawJSON?
    var (hasVersion, hasAssets) = (false, false)
    parts.members.reserveCapacity(12)
    document.forEachMember { key, value in
      if parts.members.contains(where: { $0.key == key }) { report(at: key, "stands twice") }
      parts.members.append((key, value))
      switch key {
      case "type": parts.type = value
      case "geometry": parts.geometry = value
      case "bbox": box = value
      case "properties": parts.properties = value
      case "collection": parts.collection = value
      default:
        if key == "id" { parts.id = value }
        if key == "links" { links = value }
        if key == "stac_version" { hasVersion = true }
        if key == "assets" { hasAssets = true }
        _ = shared(key, value)
      }
    }
    if !hasVersion { missing("stac_version") }
    if parts.id == nil { missing("id") }
    if links == nil { missing("links") }
    if !hasAssets { missing("assets") }
    space(parts.geometry, box)
    collection(parts.collection, links)
    if let properties = parts.properties {
      if expect(.object, properties, "properties") { time(properties, &parts) }
    } else {
      missing("properties")
    }
    return parts
  }

  private mutating func space(_ geometry: RawJSON?, _ box: RawJSON?) {
    guard let geometry else { return missing("geometry") }
    if geometry.isNull {
      if box != nil { report(at: "bbox", "is not allowed where the geometry is null") }
      return
    }
    if let box { self.box(box, "bbox") } else { missing("bbox") }
  }

  private mutating func collection(_ collection: RawJSON?, _ links: RawJSON?) {
    if let collection { return _ = text(collection, "collection") }
    var hasLink = false
    links?.forEachElement { link in
      if let rel = link.member("rel"), rel.bytes.elementsEqual("\"collection\"".utf8) { hasLink = true }
    }
    if hasLink { report("\"collection\" is missing, and a link leads to it") }
  }

  private mutating func time(_ properties: RawJSON, _ parts: inout ItemParts) {
    inside("properties") { check in
      properties.forEachMember { key, value in check.property(key, value, &parts) }
      switch parts.datetime?.kind {
      case nil: check.missing("datetime")
      case .null where parts.startText == nil || parts.end == nil:
        check.report(at: "datetime", "is null, so start_datetime and end_datetime must be there")
      default: break
      }
      if let start = parts.start, let end = parts.end, start > end {
        check.report(at: "start_datetime", "lies after end_datetime")
      }
    }
  }

  private mutating func property(_ key: String, _ value: RawJSON, _ parts: inout ItemParts) {
    switch key {
    case "datetime":
      parts.datetime = value
      if !value.isNull { parts.instant = time(value, key) }
    case "start_datetime":
      parts.startText = value
      parts.start = time(value, key)
    case "end_datetime": parts.end = time(value, key)
    case "created", "updated": _ = time(value, key)
    case "license": license(value, key)
    case "title", "description", "platform", "constellation", "mission": _ = expect(.string, value, key)
    case "instruments", "keywords": strings(value, key)
    case "providers": providers(value)
    case "gsd":
      if expect(.number, value, key), let distance = value.double, distance <= 0 { report(at: key, "must be above 0") }
    default: break
    }
  }
}
