import HandlerABI

/// A stream of the stub's storage: bytes in memory.
final class StubStream {
  private let host: StubHost
  private let container: String
  private let key: String
  private var read = 0
  var bytes: [UInt8]

  private init(_ host: StubHost, _ container: String, _ key: String, _ bytes: [UInt8]) {
    self.host = host
    self.container = container
    self.key = key
    self.bytes = bytes
  }

  static func open(_ host: StubHost, _ container: String, _ key: String, _ bytes: [UInt8]) -> OpaquePointer {
    OpaquePointer(Unmanaged.passRetained(StubStream(host, container, key, bytes)).toOpaque())
  }

  static func of(_ stream: OpaquePointer?) -> StubStream {
    guard let stream else { fatalError("a call without a stream") }
    return Unmanaged<StubStream>.fromOpaque(UnsafeRawPointer(stream)).takeUnretainedValue()
  }

  static func close(_ stream: OpaquePointer?, _ commit: Bool, _ head: UnsafeMutablePointer<weir_bytes>?) -> weir_status {
    guard let stream else { return Int32(WEIR_MISUSE) }
    let this = Unmanaged<StubStream>.fromOpaque(UnsafeRawPointer(stream)).takeRetainedValue()
    this.host.count(commit ? "commit" : "close")
    guard commit else { return Int32(WEIR_OK) }
    guard (try? this.host.storage.put(this.container, this.key, this.bytes)) != nil else {
      return this.host.fail("close", WEIR_FAILED, "cannot")
    }
    this.host.give(this.host.storage.head(this.container, this.key, this.bytes), head)
    return Int32(WEIR_OK)
  }

  func pull(_ capacity: Int) -> [UInt8] {
    let piece = bytes.dropFirst(read).prefix(capacity)
    read += piece.count
    return Array(piece)
  }
}
