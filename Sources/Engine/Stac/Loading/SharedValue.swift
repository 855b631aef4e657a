internal import Workflow

/// A part of a base item: what an item's value is told against.
///
/// Items are compared as text and never made into trees: most of an item has no counterpart in the base item and is
/// copied as it stands.
struct SharedValue: Sendable {
  /// Compact.
  private let text: [UInt8]
  private let members: [(key: String, value: SharedValue)]
  private let elements: [SharedValue]

  init(_ value: JSON) {
    var text: [UInt8] = []
    value.write(to: &text)
    self.text = text
    members = (value.objectValue?.members ?? []).filter { $0.value != .null }.map { ($0.key, SharedValue($0.value)) }
    elements = (value.arrayValue ?? []).map { SharedValue($0) }
  }

  private var isObject: Bool { text.first == 0x7B }
  private var isArray: Bool { text.first == 0x5B }

  /// Appends what `value` says beyond this; false if that is nothing, and nothing was appended.
  ///
  /// Compared as written: 1.0 is kept beside 1, so that it is read back as 1.0.
  func write(rest value: RawJSON, to bytes: inout [UInt8]) -> Bool {
    if value.bytes.elementsEqual(text) { return false }
    let start = bytes.count
    switch value.kind {
    case .object where isObject:
      writeObject(value, to: &bytes)
      guard bytes.count == start + 2 else { return true }
      bytes.removeLast(2)  // "{}": only the order or the white space differed
      return false
    case .array where isArray && value.elementCount == elements.count: writeArray(value, to: &bytes)
    case .null: BaseItem.writeMarker(to: &bytes)  // pgSTAC would put the base item's value in place of a null
    default: bytes.append(contentsOf: value.bytes)
    }
    return true
  }

  private func writeObject(_ value: RawJSON, to bytes: inout [UInt8]) {
    bytes.append(0x7B)
    let start = bytes.count
    var seen = 0
    var keys: [String] = []
    value.forEachMember { key, member in
      let before = bytes.count
      BaseItem.open(key, start, &bytes)
      guard let shared = members.first(where: { $0.key == key }) else { return bytes.append(contentsOf: member.bytes) }
      seen += 1
      keys.append(key)
      if !shared.value.write(rest: member, to: &bytes) { bytes.removeLast(bytes.count - before) }
    }
    if seen < members.count {
      for (key, _) in members where !keys.contains(key) {
        BaseItem.open(key, start, &bytes)
        BaseItem.writeMarker(to: &bytes)
      }
    }
    bytes.append(0x7D)
  }

  private func writeArray(_ value: RawJSON, to bytes: inout [UInt8]) {
    bytes.append(0x5B)
    var index = 0
    value.forEachElement { element in
      if index > 0 { bytes.append(0x2C) }
      if elements[index].isObject && element.kind == .object {
        elements[index].writeObject(element, to: &bytes)
      } else {
        bytes.append(contentsOf: element.bytes)
      }
      index += 1
    }
    bytes.append(0x5D)
  }
}
