import Glibc
import TestSupport
import Workflow

/// An answer as it came over the wire.
struct HTTPAnswer: Sendable {
  var status: Int
  /// Names in lower case.
  var headers: [String: String]
  var body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }
  /// Null when it is no JSON.
  var json: JSON { (try? JSON(parsing: body)) ?? .null }  // tests then say what is missing

  init?(_ bytes: [UInt8]) {
    guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: [13, 10, 13, 10]) }) else { return nil }
    var lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n").makeIterator()
    guard let first = lines.next(), first.hasPrefix("HTTP/1.1 "), let status = Int(first.dropFirst(9).prefix(3)) else { return nil }
    self.status = status
    headers = [:]
    while let line = lines.next() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
    }
    body = Array(bytes[(end + 4)...])
  }
}

/// One request over a connection of its own; what is sent is what the test wrote, however wrong.
enum HTTP {
  struct Failure: Error {
    var message: String
  }

  /// Everything that the server sends until it closes the connection, a minute at most.
  /// - Parameter endsInput: tells the server that nothing more will come.
  static func exchange(port: Int, _ request: [UInt8], endsInput: Bool = false) async throws -> [UInt8] {
    try await onOwnThread {
      let descriptor = try connect(port: port)
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
      while true {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return received }
        received += buffer[..<count]
      }
    }
  }

  private static func connect(port: Int) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var patience = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let failed = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard failed == 0 else {
      close(descriptor)
      throw Failure(message: "no connection to port \(port): \(String(cString: strerror(errno)))")
    }
    return descriptor
  }
}
