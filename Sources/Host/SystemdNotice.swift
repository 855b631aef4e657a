import Glibc

/// What systemd is told about a service of Type=notify; nobody is told where nobody asked.
///
/// - Source: sd_notify(3): a datagram to the socket that NOTIFY_SOCKET names; "@" begins an abstract name.
enum SystemdNotice {
  /// The host takes requests.
  static func ready(_ status: String) { send("READY=1\nSTATUS=\(status)\n") }

  /// The host gives its tasks back; it needs up to its grace time, and a few seconds.
  static func stopping() { send("STOPPING=1\nSTATUS=Giving tasks back\n") }

  private static func send(_ text: String) {
    guard let name = Environment.current["NOTIFY_SOCKET"], name.hasPrefix("/") || name.hasPrefix("@") else { return }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var path = Array(name.utf8)
    guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
    if name.hasPrefix("@") { path[0] = 0 }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let socket = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { return }
    defer { close(socket) }
    // an abstract name ends with its length, a path with its zero
    let size = socklen_t(MemoryLayout<sa_family_t>.size + path.count + (name.hasPrefix("/") ? 1 : 0))
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        // a supervisor that is gone needs no word
        _ = sendto(socket, text, text.utf8.count, Int32(MSG_NOSIGNAL), address, size)
      }
    }
  }
}
