import HandlerABI

/// Text and bytes as they cross the door.
enum StubText {
  /// For as long as the test process lives.
  static func keep(_ text: String) -> UnsafePointer<CChar>? {
    let units = text.utf8CString
    let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: units.count)
    _ = copy.initialize(from: units)
    return UnsafePointer(copy.baseAddress)
  }

  static func string(_ text: UnsafePointer<CChar>?) -> String {
    text.map { String(cString: $0) } ?? ""
  }

  static func bytes(_ bytes: weir_bytes) -> [UInt8] {
    guard let data = bytes.data else { return [] }
    return Array(UnsafeRawBufferPointer(start: data, count: Int(bytes.size)))
  }
}
