import Glibc
import Synchronization

/// A server on a free port of this machine that answers as a test tells it, byte for byte; each connection on a thread of its own.
public final class ScriptedServer: Sendable {
  public struct Request: Sendable {
    /// `GET /path HTTP/1.1` and the header lines.
    public var head: String
    public var body: [UInt8]
    /// How many requests came before it, over all connections.
    public var number: Int
    /// Which connection it came on, from 0.
    public var connection: Int

    public var line: String { String(head.prefix { $0 != "\r\n" }) }

    /// The value of a header, by its name in any case.
    public func header(_ name: String) -> String? {
      for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix(name.lowercased() + ":") {
        return String(line.dropFirst(name.count + 1).drop { $0 == " " })
      }
      return nil
    }
  }

  public enum Answer: Sendable {
    case bytes([UInt8])
    /// Sent, and then the connection is closed in good order.
    case last([UInt8])
    /// Sent, and then the connection is reset.
    case cut(after: [UInt8])
    /// Sent, and then nothing more until the client goes.
    case silence(after: [UInt8])

    /// A whole answer with its Content-Length.
    public static func http(_ status: Int, _ headers: [String] = [], _ body: String = "") -> Answer {
      http(status, headers, Array(body.utf8))
    }

    public static func http(_ status: Int, _ headers: [String] = [], _ body: [UInt8]) -> Answer {
      let lines = ["HTTP/1.1 \(status) Said", "Content-Length: \(body.count)"] + headers
      return .bytes(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
    }

    /// The head of an answer that promises `length` bytes.
    public static func head(_ status: Int, length: Int, _ headers: [String] = []) -> [UInt8] {
      Array((["HTTP/1.1 \(status) Said", "Content-Length: \(length)"] + headers).joined(separator: "\r\n").utf8) + Array("\r\n\r\n".utf8)
    }
  }

  public let port: Int
  public var url: String { "http://127.0.0.1:\(port)" }
  public var requests: [Request] { state.withLock { $0.requests } }
  private let state = Mutex(State())
  private let answer: @Sendable (Request) -> Answer

  private struct State {
    var requests: [Request] = []
    var connections = 0
    var open: Set<Int32> = []
    var listener: Int32 = -1
  }

  /// - Parameter isVersion6: listens on `::1` instead of `127.0.0.1`.
  public init(isVersion6: Bool = false, _ answer: @escaping @Sendable (Request) -> Answer) {
    self.answer = answer
    let listener: Int32
    if isVersion6 {
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_addr = in6addr_loopback
      listener = Self.listener(AF_INET6, &address)
      port = Int(UInt16(bigEndian: address.sin6_port))
    } else {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
      listener = Self.listener(AF_INET, &address)
      port = Int(UInt16(bigEndian: address.sin_port))
    }
    state.withLock { $0.listener = listener }
    startThread { [weak self] in
      while case let client = accept(listener, nil, nil), client >= 0 {
        guard let self else {
          close(client)
          return
        }
        let number = self.state.withLock { state in
          state.open.insert(client)
          state.connections += 1
          return state.connections - 1
        }
        startThread { [weak self] in
          Self.serve(client, number) {
            self?.record($0) ?? .cut(after: [])
          } ended: {
            self?.forget(client)
          }
        }
      }
    }
  }

  deinit { stop() }

  private static func listener<Address>(_ family: Int32, _ address: inout Address) -> Int32 {
    let listener = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var size = socklen_t(MemoryLayout<Address>.size)
    let failed = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, size) != 0 || getsockname(listener, $0, &size) != 0 }
    }
    precondition(!failed && listen(listener, 128) == 0, "no port on this machine: \(String(cString: strerror(errno)))")
    return listener
  }

  /// Closes the port and every connection.
  public func stop() {
    state.withLock { state in
      if state.listener >= 0 {
        shutdown(state.listener, Int32(SHUT_RDWR))
        close(state.listener)
        state.listener = -1
      }
      for client in state.open { shutdown(client, Int32(SHUT_RDWR)) }
    }
  }

  private func forget(_ client: Int32) { _ = state.withLock { $0.open.remove(client) } }

  private func record(_ request: Request) -> Answer {
    let numbered = state.withLock { state in
      var request = request
      request.number = state.requests.count
      state.requests.append(request)
      return request
    }
    return answer(numbered)
  }

  private static func serve(_ client: Int32, _ connection: Int, _ answer: (Request) -> Answer, ended: () -> Void) {
    defer {
      ended()
      close(client)
    }
    var received: [UInt8] = []
    while let request = read(from: client, &received, connection) {
      switch answer(request) {
      case .bytes(let bytes): guard send(bytes, to: client) else { return }
      case .last(let bytes):
        _ = send(bytes, to: client)
        return
      case .silence(let bytes):
        _ = send(bytes, to: client)
        var byte: UInt8 = 0
        while recv(client, &byte, 1, 0) > 0 {}
        return
      case .cut(let bytes):
        _ = send(bytes, to: client)
        var abruptly = linger(l_onoff: 1, l_linger: 0)
        setsockopt(client, SOL_SOCKET, SO_LINGER, &abruptly, socklen_t(MemoryLayout<linger>.size))
        return
      }
    }
  }

  private static func read(from client: Int32, _ received: inout [UInt8], _ connection: Int) -> Request? {
    while true {
      if let end = received.indices.first(where: { received[$0...].starts(with: [13, 10, 13, 10]) }) {
        var request = Request(
          head: String(decoding: received[..<end], as: UTF8.self), body: [], number: 0, connection: connection)
        received.removeFirst(end + 4)
        if request.header("expect") != nil { _ = send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), to: client) }
        let length = request.header("content-length").flatMap { Int($0) } ?? 0
        while received.count < length { guard more(from: client, &received) else { return nil } }
        request.body = Array(received[..<length])
        received.removeFirst(length)
        return request
      }
      guard more(from: client, &received) else { return nil }
    }
  }

  private static func more(from client: Int32, _ received: inout [UInt8]) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(client, &buffer, buffer.count, 0)
    if count > 0 { received += buffer[..<count] }
    return count > 0
  }

  private static func send(_ bytes: [UInt8], to client: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { Glibc.send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }
}
