import Glibc
import Workflow

/// An answer as it came over the wire.
struct HTTPAnswer: Sendable {
  var status: Int
  var body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }
  /// Null when it is no JSON; tests then say what is missing.
  var json: JSON { (try? JSON(parsing: body)) ?? .null }

  init?(_ bytes: [UInt8]) {
    guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: [13, 10, 13, 10]) }) else { return nil }
    let first = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n").first ?? ""
    guard first.hasPrefix("HTTP/1.1 "), let status = Int(first.dropFirst(9).prefix(3)) else { return nil }
    self.status = status
    body = Array(bytes[(end + 4)...])
  }

  /// Sends bytes over a connection of their own, and reads until the other side closes it. Blocks, two minutes at most.
  /// - Parameter endsInput: tells the other side that nothing more will come.
  static func exchange(port: Int, _ request: [UInt8], endsInput: Bool = false) throws -> [UInt8] {
    let descriptor = try connection(port: port)
    defer { close(descriptor) }
    var sent = 0
    while sent < request.count {
      let count = request[sent...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
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

  /// Sends a request and resets the connection instead of reading the answer.
  static func hangUp(port: Int, _ request: String) throws {
    let descriptor = try connection(port: port)
    var bytes = Array(request.utf8)
    send(descriptor, &bytes, bytes.count, Int32(MSG_NOSIGNAL))
    recv(descriptor, &bytes, 1, 0)
    var abruptly = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &abruptly, socklen_t(MemoryLayout<linger>.size))
    close(descriptor)
  }

  private static func connection(port: Int) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var patience = timeval(tv_sec: 120, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let failed = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard failed == 0 else {
      let reason = String(cString: strerror(errno))
      close(descriptor)
      throw RunningProgram.Failure(description: "port \(port): \(reason)")
    }
    return descriptor
  }
}
