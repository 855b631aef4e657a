/// A string compared byte by byte, as JSON means it.
///
/// Swift holds "é" of one scalar and "é" of two to be equal; in JSON they are two keys.
struct JSONText: Hashable {
  let string: String

  init(_ string: String) {
    self.string = string
  }

  static func == (left: JSONText, right: JSONText) -> Bool { equal(left.string, right.string) }

  func hash(into hasher: inout Hasher) {
    var string = string
    string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(0xFF as UInt8)
  }

  /// Whether both strings have the same bytes.
  @inline(__always)
  static func equal(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count && left == right && left.utf8.elementsEqual(right.utf8)
  }
}
