internal import HandlerABI

/// Bytes on their way over the door: copied when they come in, lent for one call when they go out.
enum HostBytes {
  static func copy(_ bytes: weir_bytes) -> [UInt8] {
    guard let data = bytes.data, bytes.size > 0 else { return [] }
    return Array(UnsafeRawBufferPointer(start: data, count: Int(bytes.size)))
  }

  static func lend<T>(_ bytes: ArraySlice<UInt8>, _ body: (weir_bytes) -> T) -> T {
    bytes.withUnsafeBytes { body(weir_bytes(data: $0.baseAddress, size: UInt64($0.count))) }
  }

  static func lend<T>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> T) -> T {
    guard let text else { return body(nil) }
    return text.withCString { body($0) }
  }
}
