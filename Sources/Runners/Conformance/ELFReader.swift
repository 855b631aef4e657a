/// Reads little-endian numbers and strings from a mapped file; what lies outside is an error, never a crash.
struct ELFReader {
  let bytes: UnsafeRawBufferPointer

  func number<T: FixedWidthInteger>(_ type: T.Type, at offset: Int) throws(RunnersError) -> T {
    guard offset >= 0, offset <= bytes.count - MemoryLayout<T>.size else { throw outside(offset) }
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  func u16(_ offset: Int) throws(RunnersError) -> Int { Int(try number(UInt16.self, at: offset)) }
  func u32(_ offset: Int) throws(RunnersError) -> Int { Int(try number(UInt32.self, at: offset)) }

  /// An offset or size; one that no file can have is an error.
  func u64(_ offset: Int) throws(RunnersError) -> Int {
    guard let number = Int(exactly: try number(UInt64.self, at: offset)) else { throw outside(offset) }
    return number
  }

  func string(_ offset: Int) throws(RunnersError) -> String {
    guard offset >= 0, offset < bytes.count else { throw outside(offset) }
    guard let end = bytes[offset...].firstIndex(of: 0), end - offset < 64 << 10 else { throw outside(offset) }
    return String(decoding: bytes[offset..<end], as: UTF8.self)
  }

  private func outside(_ offset: Int) -> RunnersError {
    RunnersError(.notAnImage("a table points to byte \(offset), outside the file"), subject: "")
  }
}
