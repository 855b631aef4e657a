internal import Workflow

// The parts that items, catalogs and collections share.
extension DocumentCheck {
  /// Takes the members that every STAC document has; false if this is none of them. `type` is checked by the caller.
  mutating func shared(_ key: String, _ value: RawJSON) -> Bool {
    switch key {
    case "stac_version": version(value)
    case "stac_extensions": strings(value, key)
    case "id": _ = text(value, key)
    case "links": links(value)
    case "assets": assets(value)
    case "title", "description": _ = expect(.string, value, key)
    case "keywords": strings(value, key)
    case "providers": providers(value)
    default: return false
    }
    return true
  }

  private mutating func version(_ value: RawJSON) {
    guard expect(.string, value, "stac_version") else { return }
    let version = value.bytes.dropFirst().dropLast()
    if version.elementsEqual("1.0.0".utf8) || version.elementsEqual("1.1.0".utf8) { return }
    report(at: "stac_version", "is \(value.text), supported are \"1.0.0\" and \"1.1.0\"")
  }

  private mutating func links(_ value: RawJSON) {
    guard expect(.array, value, "links") else { return }
    inside("links") { check in
      var index = 0
      value.forEachElement { link in
        if check.expect(.object, link, String(index)) { check.inside(String(index)) { $0.link(link) } }
        index += 1
      }
    }
  }

  private mutating func link(_ link: RawJSON) {
    var (hasHref, hasRel) = (false, false)
    link.forEachMember { key, value in
      switch key {
      case "href": (hasHref, _) = (true, text(value, key))
      case "rel": (hasRel, _) = (true, text(value, key))
      case "type", "title": _ = expect(.string, value, key)
      default: break
      }
    }
    if !hasHref { missing("href") }
    if !hasRel { missing("rel") }
  }

  private mutating func assets(_ value: RawJSON) {
    guard expect(.object, value, "assets") else { return }
    inside("assets") { check in
      value.forEachMember { name, asset in
        if check.expect(.object, asset, name) { check.inside(name) { $0.asset(asset) } }
      }
    }
  }

  private mutating func asset(_ asset: RawJSON) {
    var hasHref = false
    asset.forEachMember { key, value in
      switch key {
      case "href": (hasHref, _) = (true, text(value, key))
      case "title", "description", "type": _ = expect(.string, value, key)
      case "roles": strings(value, key)
      case "created", "updated", "datetime", "start_datetime", "end_datetime":
        if !value.isNull || key != "datetime" { _ = time(value, key) }
      default: break
      }
    }
    if !hasHref { missing("href") }
  }

  mutating func providers(_ value: RawJSON) {
    guard expect(.array, value, "providers") else { return }
    inside("providers") { check in
      var index = 0
      value.forEachElement { provider in
        if check.expect(.object, provider, String(index)) {
          check.inside(String(index)) { $0.provider(provider) }
        }
        index += 1
      }
    }
  }

  private mutating func provider(_ provider: RawJSON) {
    var hasName = false
    provider.forEachMember { key, value in
      switch key {
      case "name": (hasName, _) = (true, text(value, key))
      case "description", "url": _ = expect(.string, value, key)
      case "roles":
        strings(value, key)
        for role in value.parsed().arrayValue ?? [] {
          guard let role = role.stringValue, !["producer", "licensor", "processor", "host"].contains(role) else { continue }
          report(at: key, "\"\(role)\" is no role; there are \"producer\", \"licensor\", \"processor\" and \"host\"")
        }
      default: break
      }
    }
    if !hasName { missing("name") }
  }

  /// An SPDX identifier, "other", "various" or "proprietary".
  mutating func license(_ value: RawJSON, _ token: String) {
    guard text(value, token) else { return }
    let isIdentifier = value.bytes.dropFirst().dropLast().allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || [0x2B, 0x2D, 0x2E, 0x5F].contains(byte)
    }
    if !isIdentifier { report(at: token, "is \(value.text.prefix(40)), expected is an identifier such as \"CC-BY-4.0\" or \"other\"") }
  }
}
