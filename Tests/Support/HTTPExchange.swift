import Glibc

/// Requests over connections of their own to a server on this machine; what is sent is what the test wrote, however wrong.
public enum HTTPExchange {
  public struct Failure: Error, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
  }

  /// Everything that the server sends until it closes the connection, two minutes at most. Blocks.
  /// - Parameter endsInput: tells the server that nothing more will come.
  public static func send(port: Int, _ request: [UInt8], endsInput: Bool = false) throws -> [UInt8] {
    let descriptor = try connect(port: port)
    defer { close(descriptor) }
    var sent = 0
    while sent < request.count {
      let count = request[sent...].withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      // a server that has heard enough closes its side, and its answer is there to be read
      guard count > 0 else { break }
      sent += count
    }
    if endsInput { shutdown(descriptor, Int32(SHUT_WR)) }
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 { received += buffer[..<count] }
    return received
  }

  /// Sends a request and resets the connection instead of reading the answer. Blocks.
  public static func hangUp(port: Int, _ request: String) throws {
    let descriptor = try connect(port: port)
    var bytes = Array(request.utf8)
    Glibc.send(descriptor, &bytes, bytes.count, Int32(MSG_NOSIGNAL))
    recv(descriptor, &bytes, 1, 0)
    var abruptly = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &abruptly, socklen_t(MemoryLayout<linger>.size))
    close(descriptor)
  }

  /// A connection that waits two minutes at most.
  /// - Parameter receiving: bytes that it takes before they are read; 0: as many as the system likes.
  public static func connect(port: Int, receiving: Int32 = 0) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var patience = timeval(tv_sec: 120, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var receiving = receiving
    if receiving > 0 { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiving, socklen_t(MemoryLayout<Int32>.size)) }
    let failed = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard failed == 0 else {
      let reason = String(cString: strerror(errno))
      close(descriptor)
      throw Failure("port \(port): \(reason)")
    }
    return descriptor
  }
}
