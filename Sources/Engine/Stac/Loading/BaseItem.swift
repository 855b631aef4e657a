internal import Workflow

/// What a collection's items have in shared, which pgSTAC keeps once, and how an item is told as a difference to it.
///
/// - Source: pgSTAC 0.10.0, `strip_jsonb`, `content_slim`; pypgstac, hydration.py.
struct BaseItem: Sendable {
  /// Members that are columns, or that every item of the collection has.
  private static let apart: Set<String> = ["id", "geometry", "collection", "type", "pgstac:base_item"]

  private let members: [(key: String, value: SharedValue)]
  /// `base_items.id`; nil until the collection's base item changed for the first time.
  private let version: Int?

  init(_ base: JSON, version: Int?) {
    members = (base.objectValue?.members ?? []).filter { $0.value != .null && !Self.apart.contains($0.key) }
      .map { ($0.key, SharedValue($0.value)) }
    self.version = version
  }

  /// Appends the item's content as pgSTAC stores it.
  ///
  /// An item without a datetime gets the start's: pgSTAC drops a null on reading, and an item without the member is not
  /// valid.
  func write(_ parts: ItemParts, to bytes: inout [UInt8]) {
    bytes.append(0x7B)
    let start = bytes.count
    for (key, value) in parts.members where !Self.apart.contains(key) {
      let before = bytes.count
      Self.open(key, start, &bytes)
      if key == "properties" {
        Self.write(properties: value, parts, to: &bytes)
      } else if let shared = members.first(where: { $0.key == key }) {
        if !shared.value.write(rest: value, to: &bytes) { bytes.removeLast(bytes.count - before) }
      } else {
        bytes.append(contentsOf: value.bytes)
      }
    }
    for (key, _) in members where !parts.members.contains(where: { $0.key == key }) {
      Self.open(key, start, &bytes)
      Self.writeMarker(to: &bytes)
    }
    if let version {
      Self.open("pgstac:base_item", start, &bytes)
      bytes.append(contentsOf: String(version).utf8)
    }
    bytes.append(0x7D)
  }

  /// Begins a member of the object whose members begin at `start`.
  static func open(_ key: String, _ start: Int, _ bytes: inout [UInt8]) {
    if bytes.count > start { bytes.append(0x2C) }
    JSON.write(string: key, to: &bytes)
    bytes.append(0x3A)
  }

  /// Stands for "the base item has this, the item has not".
  static func writeMarker(to bytes: inout [UInt8]) { bytes.append(contentsOf: "\"𒍟※\"".utf8) }

  private static func write(properties: RawJSON, _ parts: ItemParts, to bytes: inout [UInt8]) {
    guard let datetime = parts.datetime, datetime.isNull, let start = parts.startText else {
      return bytes.append(contentsOf: properties.bytes)
    }
    bytes.append(contentsOf: properties.bytes[..<datetime.bytes.startIndex])
    bytes.append(contentsOf: start.bytes)
    bytes.append(contentsOf: properties.bytes[datetime.bytes.endIndex...])
  }
}
