import Glibc
import Runtime
import Synchronization

/// A small HTTP server on this machine that answers as a test says: also wrongly, or only in part.
final class OddServer: Sendable {
  struct Request: Sendable {
    var method: String
    /// Path and query.
    var target: String
    /// Lower-case names.
    var headers: [String: String]
    var body: [UInt8]
  }

  struct Reply: Sendable {
    var status = 200
    var headers: [(String, String)] = []
    var body: [UInt8] = []
    /// Bytes of the body after which the connection is cut; nil: none.
    var cutAfter: Int?
    /// What Content-Length says, instead of the truth.
    var claims: Int?
    /// No Content-Length: the connection's end is the body's.
    var isOpenEnded = false

    init(
      _ status: Int = 200, _ headers: [(String, String)] = [], body: [UInt8] = [], cutAfter: Int? = nil, claims: Int? = nil,
      isOpenEnded: Bool = false
    ) {
      self.status = status
      self.headers = headers
      self.body = body
      self.cutAfter = cutAfter
      self.claims = claims
      self.isOpenEnded = isOpenEnded
    }

    init(_ status: Int = 200, _ headers: [(String, String)] = [], text: String) {
      self.init(status, headers, body: Array(text.utf8))
    }
  }

  let port: Int
  private let socket: Int32
  private let answer: @Sendable (Request, Int) -> Reply
  private let seen = Mutex<[Request]>([])

  /// - Parameters:
  ///   - isVersion6: listens on `::1` instead of `127.0.0.1`.
  ///   - answer: of a request and its number from 0, called on a thread of its connection.
  init(isVersion6: Bool = false, _ answer: @escaping @Sendable (Request, Int) -> Reply) {
    self.answer = answer
    socket = Glibc.socket(isVersion6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    if isVersion6 {
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_addr = in6addr_loopback
      Self.bind(socket, &address)
      port = Self.port(socket, &address) { Int(UInt16(bigEndian: $0.sin6_port)) }
    } else {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
      Self.bind(socket, &address)
      port = Self.port(socket, &address) { Int(UInt16(bigEndian: $0.sin_port)) }
    }
    listen(socket, 64)
    Threads.start { [socket, weak self] in
      while case let connection = accept(socket, nil, nil), connection >= 0 {
        guard let self else {
          close(connection)
          return
        }
        Threads.start { self.serve(connection) }
      }
    }
  }

  deinit {
    shutdown(socket, Int32(SHUT_RDWR))
    close(socket)
  }

  var url: String { "http://127.0.0.1:\(port)" }
  var requests: [Request] { seen.withLock { $0 } }

  private static func bind<A>(_ socket: Int32, _ address: inout A) {
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = Glibc.bind(socket, $0, socklen_t(MemoryLayout<A>.size)) }
    }
  }

  private static func port<A>(_ socket: Int32, _ address: inout A, _ read: (A) -> Int) -> Int {
    var size = socklen_t(MemoryLayout<A>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(socket, $0, &size) }
    }
    return read(address)
  }

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    var input: [UInt8] = []
    while let request = next(connection, &input) {
      let number = seen.withLock { seen in
        seen.append(request)
        return seen.count - 1
      }
      let reply = answer(request, number)
      guard send(reply, connection, hasBody: request.method != "HEAD") else { return }
    }
  }

  private func next(_ connection: Int32, _ input: inout [UInt8]) -> Request? {
    let end = Array("\r\n\r\n".utf8)
    while input.firstRange(of: end) == nil { guard fill(connection, &input) else { return nil } }
    guard let mark = input.firstRange(of: end) else { return nil }
    let lines = String(decoding: input[..<mark.lowerBound], as: UTF8.self).split(separator: "\r\n")
    input.removeSubrange(..<mark.upperBound)
    let words = lines[0].split(separator: " ")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
    }
    let size = headers["content-length"].flatMap { Int($0) } ?? 0
    while input.count < size { guard fill(connection, &input) else { return nil } }
    defer { input.removeSubrange(..<size) }
    return Request(method: String(words[0]), target: String(words[1]), headers: headers, body: Array(input[..<size]))
  }

  private func fill(_ connection: Int32, _ input: inout [UInt8]) -> Bool {
    var room = [UInt8](repeating: 0, count: 64 << 10)
    let got = recv(connection, &room, room.count, 0)
    guard got > 0 else { return false }
    input += room[..<got]
    return true
  }

  private func send(_ reply: Reply, _ connection: Int32, hasBody: Bool) -> Bool {
    var head = "HTTP/1.1 \(reply.status) Answer\r\n"
    for (name, value) in reply.headers { head += "\(name): \(value)\r\n" }
    if !reply.isOpenEnded, reply.status != 304 { head += "Content-Length: \(reply.claims ?? reply.body.count)\r\n" }
    if reply.isOpenEnded { head += "Connection: close\r\n" }
    let body = hasBody ? reply.body[..<min(reply.cutAfter ?? .max, reply.body.count)] : []
    let bytes = Array((head + "\r\n").utf8) + body
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.send(connection, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      sent += count
    }
    return reply.cutAfter == nil && !reply.isOpenEnded && reply.claims == nil
  }
}
