import Glibc
import TestSupport

/// Clients that take their time. Each returns when the server has closed the connection.
enum SlowClient {
  /// Sends a part of a request, and then nothing.
  static func pause(port: Int, after request: [UInt8]) async throws {
    try await onOwnThread {
      let descriptor = try HTTPExchange.connect(port: port)
      defer { close(descriptor) }
      _ = request.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while case let count = recv(descriptor, &buffer, buffer.count, 0), count != 0 {
        if count < 0, errno == EAGAIN { throw HTTPExchange.Failure("after two minutes the connection is still open") }
        if count < 0 { return }
      }
    }
  }

  /// Sends a head, and then a byte every few milliseconds.
  static func trickle(port: Int, _ head: [UInt8]) async throws {
    try await onOwnThread {
      let descriptor = try HTTPExchange.connect(port: port)
      defer { close(descriptor) }
      var bytes = head
      for _ in 0..<24_000 {
        guard bytes.withUnsafeBytes({ send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }) > 0 else { return }
        bytes = [UInt8(ascii: "x")]
        poll(nil, 0, 5)
      }
      throw HTTPExchange.Failure("after two minutes the connection is still open")
    }
  }

  /// Sends requests and reads no answer.
  static func ask(port: Int, withoutReading request: [UInt8]) async throws {
    try await onOwnThread {
      let descriptor = try HTTPExchange.connect(port: port, receiving: 4_096)
      defer { close(descriptor) }
      while request.withUnsafeBytes({ send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }) > 0 {}
      if errno == EAGAIN { throw HTTPExchange.Failure("after two minutes the connection is still open") }
    }
  }
}
