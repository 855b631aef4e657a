import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Web

@Suite struct `A crowd` {
  @Test func `waits to be accepted when as many connections are open as there may be`() async throws {
    try await TestServer.with(sample: false, connections: 2) { server in
      try await onOwnThread { [port = server.port] in
        let held = try (0..<2).map { _ in try Held(port: port) }
        for connection in held { #expect(try connection.ask().hasPrefix("HTTP/1.1 200")) }
        let late = try Held(port: port)
        late.send()
        // the server had time for the third if it listens to it at all
        for connection in held { #expect(try connection.ask().hasPrefix("HTTP/1.1 200")) }
        #expect(!late.hasAnswer)
        held[0].end()
        #expect(try late.answer().hasPrefix("HTTP/1.1 200"))
      }
    }
  }

  /// A connection that stays open from one request to the next. One thread at a time.
  private final class Held {
    private var descriptor: Int32

    init(port: Int) throws { descriptor = try HTTPExchange.connect(port: port) }

    deinit { end() }

    func end() {
      if descriptor >= 0 { close(descriptor) }
      descriptor = -1
    }

    func send() {
      let request = Array("GET /api/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8)
      _ = request.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    var hasAnswer: Bool {
      var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      return poll(&watched, 1, 0) == 1
    }

    /// What has come of the next answer; waits for its beginning.
    func answer() throws -> String {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { throw HTTPExchange.Failure("no answer: \(String(cString: strerror(errno)))") }
      return String(decoding: buffer[..<count], as: UTF8.self)
    }

    func ask() throws -> String {
      send()
      return try answer()
    }
  }
}
