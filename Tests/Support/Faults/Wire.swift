import Glibc

/// One connection, with what was read too early kept for the next read. One thread at a time.
final class Wire {
  private let socket: Int32
  private var early: [UInt8] = []
  private var buffer = [UInt8](repeating: 0, count: 256 << 10)

  init(_ socket: Int32) {
    self.socket = socket
    _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
    var yes: Int32 = 1
    setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit { close(socket) }

  /// A connection to a port of this machine; nil if nobody listens there.
  convenience init?(to port: Int) {
    self.init(Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
    guard Self.withAddress(port, { connect(socket, $0, $1) }) == 0 else { return nil }
  }

  static func listen() throws -> Int32 {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0, withAddress(0, { bind(socket, $0, $1) }) == 0, Glibc.listen(socket, 512) == 0 else {
      throw KeptProcess.Failure("no port to listen on: \(String(cString: strerror(errno)))")
    }
    return socket
  }

  static func port(of socket: Int32) -> Int {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) }
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private static func withAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }

  /// Up to and with the empty line; nil at the connection's end.
  func readHead() -> [UInt8]? { read { bytes in Self.find([13, 10, 13, 10], in: bytes).map { $0 + 4 } } }

  /// A request's body, no quicker than `pace` bytes a second; nil if the connection ends before it.
  func readBody(_ request: PassingRequest, pace: Int?) -> [UInt8]? {
    guard let size = request.size else { return read { bytes in Self.find(Array("\r\n0\r\n\r\n".utf8), in: bytes).map { $0 + 7 } } }
    guard let pace else { return read(size) }
    var body: [UInt8] = []
    while body.count < size {
      guard let piece = read(min(size - body.count, max(1, pace / 50))) else { return nil }
      body += piece
      poll(nil, 0, 20)
    }
    return body
  }

  func read(_ count: Int) -> [UInt8]? { read { bytes in bytes.count >= count ? count : nil } }

  /// Reads until `end` finds how many bytes belong together.
  private func read(until end: ([UInt8]) -> Int?) -> [UInt8]? {
    var looked = -1
    while true {
      // looking again at the same bytes, or after each small piece of a large body, would take for ever
      if early.count != looked, let count = end(early) {
        defer { early.removeFirst(count) }
        return Array(early[..<count])
      }
      looked = early.count
      guard receive() else { return nil }
    }
  }

  func readToEnd() -> [UInt8] {
    while receive() {}
    defer { early = [] }
    return early
  }

  func waitForEnd() { _ = readToEnd() }

  private func receive() -> Bool {
    let count = buffer.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
    guard count > 0 else { return false }
    early += buffer[..<count]
    return true
  }

  /// False when the other side is gone.
  @discardableResult
  func write(_ bytes: [UInt8], pace: Int? = nil) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let most = pace.map { max(1, $0 / 50) } ?? bytes.count
      let count = bytes[sent...].prefix(most).withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      sent += count
      if pace != nil { poll(nil, 0, 20) }
    }
    return true
  }

  /// What was written still arrives, and then the end.
  func finish() { shutdown(socket, Int32(SHUT_WR)) }

  /// The other side sees a connection that is reset.
  func abandon() {
    var abruptly = linger(l_onoff: 1, l_linger: 0)
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &abruptly, socklen_t(MemoryLayout<linger>.size))
  }

  private static func find(_ mark: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count >= mark.count else { return nil }
    return (0...(bytes.count - mark.count)).first { bytes[$0...].starts(with: mark) }
  }
}
