import Glibc

/// A port of loopback on which somebody listens who never answers.
final class Listening: Sendable {
  let number: Int
  private let socket: Int32

  private init(number: Int, socket: Int32) {
    self.number = number
    self.socket = socket
  }

  deinit { close(socket) }

  static func port() -> Listening? {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(socket, address, size) == 0 && listen(socket, 1) == 0 && getsockname(socket, address, &size) == 0
      }
    }
    guard isBound else {
      close(socket)
      return nil
    }
    return Listening(number: Int(UInt16(bigEndian: address.sin_port)), socket: socket)
  }
}
