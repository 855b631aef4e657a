internal import Workflow

/// What a collection's items have in common, which pgSTAC keeps once, and how an item is told as a difference to it.
///
/// - Source: pgSTAC 0.10.0, `strip_jsonb`, `content_slim`; pypgstac, hydration.py.
struct BaseItem: Sendable {
  /// Stands for "the base item has this, the item has not".
  private static let marker: JSON = "𒍟※"

  private let base: JSONObject
  /// How many members an item may share.
  private let shared: Int
  /// `base_items.id`; nil until the collection's base item changed for the first time.
  private let version: Int?

  init(_ base: JSON, version: Int?) {
    self.base = JSONObject(
      (base.objectValue ?? JSONObject()).members.filter { key, value in
        value != .null && !Self.apart.contains(key)
      })
    shared = self.base.count
    self.version = version
  }

  /// Appends the item's content as pgSTAC stores it. Members that the base item does not have are copied unread.
  ///
  /// An item without a datetime gets the start's: pgSTAC drops a null on reading, and an item without the member is not
  /// valid.
  func write(_ parts: ItemParts, to bytes: inout [UInt8]) {
    bytes.append(0x7B)
    let start = bytes.count
    var seen = 0
    for (key, value) in parts.members where !Self.apart.contains(key) {
      if key == "properties" {
        Self.open(key, start, &bytes)
        Self.write(properties: value, parts, to: &bytes)
        continue
      }
      guard let common = base[key] else {
        Self.open(key, start, &bytes)
        bytes.append(contentsOf: value.bytes)
        continue
      }
      seen += 1
      guard let rest = Self.strip(value.parsed(), common) else { continue }
      Self.open(key, start, &bytes)
      rest.write(to: &bytes)
    }
    if seen < shared { markAbsent(parts, start, &bytes) }
    if let version {
      Self.open("pgstac:base_item", start, &bytes)
      bytes.append(contentsOf: String(version).utf8)
    }
    bytes.append(0x7D)
  }

  /// Members that are columns, or that every item of the collection has.
  private static let apart: Set<String> = ["id", "geometry", "collection", "type", "pgstac:base_item"]

  private func markAbsent(_ parts: ItemParts, _ start: Int, _ bytes: inout [UInt8]) {
    for (key, _) in base.members where !parts.members.contains(where: { $0.key == key }) {
      Self.open(key, start, &bytes)
      Self.marker.write(to: &bytes)
    }
  }

  private static func open(_ key: String, _ start: Int, _ bytes: inout [UInt8]) {
    if bytes.count > start { bytes.append(0x2C) }
    JSON.write(string: key, to: &bytes)
    bytes.append(0x3A)
  }

  private static func write(properties: RawJSON, _ parts: ItemParts, to bytes: inout [UInt8]) {
    guard let datetime = parts.datetime, datetime.isNull, let start = parts.startText else {
      return bytes.append(contentsOf: properties.bytes)
    }
    bytes.append(contentsOf: properties.bytes[..<datetime.bytes.startIndex])
    bytes.append(contentsOf: start.bytes)
    bytes.append(contentsOf: properties.bytes[datetime.bytes.endIndex...])
  }

  /// What `value` says beyond `base`; nil if nothing.
  ///
  /// Compared as written: 1.0 is kept beside 1, so that it is read back as 1.0.
  static func strip(_ value: JSON, _ base: JSON) -> JSON? {
    if value == base { return nil }
    switch (value, base) {
    case (.object(let value), .object(let base)): return .object(difference(value, base))
    case (.array(let value), .array(let base)) where value.count == base.count:
      return .array(
        zip(value, base).map { element, common in
          guard case (.object(let element), .object(let common)) = (element, common) else { return element }
          return .object(difference(element, common))
        })
    case (.null, _): return marker  // pgSTAC would put the base item's value in place of a null
    default: return value
    }
  }

  private static func difference(_ value: JSONObject, _ base: JSONObject) -> JSONObject {
    var rest = JSONObject()
    for (key, member) in value.members {
      guard let common = base[key], common != .null else {
        rest.append(key, member)
        continue
      }
      if let stripped = strip(member, common) { rest.append(key, stripped) }
    }
    for (key, common) in base.members where common != .null && value[key] == nil { rest.append(key, marker) }
    return rest
  }
}
