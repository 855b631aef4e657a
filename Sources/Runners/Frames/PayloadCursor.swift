/// Walks the fields of a payload where it lies, without copying.
struct PayloadCursor {
  private let bytes: UnsafeRawBufferPointer
  private(set) var offset: Int

  init(_ bytes: UnsafeRawBufferPointer, at offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
  }

  mutating func unsigned() throws(FrameError) -> UInt64 {
    guard bytes.count - offset >= 8 else { throw FrameError("a number is cut off at byte \(offset)") }
    defer { offset += 8 }
    return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// nil is NULL.
  mutating func field() throws(FrameError) -> UnsafeRawBufferPointer? {
    guard bytes.count - offset >= 4 else { throw FrameError("a field is cut off at byte \(offset)") }
    let length = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    if length == .max {
      offset += 4
      return nil
    }
    guard bytes.count - offset - 4 >= Int(length) else {
      throw FrameError("a field of \(length) bytes at byte \(offset) is longer than its frame")
    }
    defer { offset += 4 + Int(length) }
    return UnsafeRawBufferPointer(rebasing: bytes[(offset + 4)..<(offset + 4 + Int(length))])
  }

  mutating func text(_ name: String) throws(FrameError) -> String? {
    guard let raw = try field() else { return nil }
    if raw.isEmpty { return "" }
    guard let text = String(validating: raw, as: UTF8.self) else { throw FrameError("the \(name) is not valid UTF-8") }
    return text
  }

  func end() throws(FrameError) {
    if offset != bytes.count { throw FrameError("\(bytes.count - offset) bytes follow the last field") }
  }
}
