import Glibc
import Workflow

/// Whether a host could listen on its address, or one listens there already.
struct ListenCheck {
  let address: ListenAddress

  var finding: Finding {
    let problem = tryListening()
    switch problem {
    case 0: return Finding(.fine, "listen", "\(address) is free")
    case EADDRINUSE:
      let answers = (try? HTTPClient.send("GET", "http://\(address)/api/health", timeout: .seconds(5)))?.status == 200  // no answer is one
      if answers { return Finding(.fine, "listen", "a host serves at \(address)") }
      return Finding(
        .error, "listen", "another program listens on \(address), and it is no weir.",
        hint: "Stop it (ss -ltnp says who it is), or set `listen` to another address; port 0 takes any free one.")
    case EACCES:
      return Finding(
        .error, "listen", "this user may not listen on \(address): ports below 1024 are root's.",
        hint: "Take a higher port and a proxy before it, or AmbientCapabilities=CAP_NET_BIND_SERVICE in a systemd unit.")
    default:
      return Finding(
        .error, "listen", "\(address): \(String(cString: strerror(problem))).", hint: "Name an address of this machine by `listen`.")
    }
  }

  /// An error number, or 0.
  private func tryListening() -> Int32 {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_PASSIVE
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(address.host, "\(address.port)", &hints, &found) == 0, let found else { return EADDRNOTAVAIL }
    defer { freeaddrinfo(found) }
    let socket = socket(found.pointee.ai_family, found.pointee.ai_socktype, found.pointee.ai_protocol)
    guard socket >= 0 else { return errno }
    defer { close(socket) }
    // as the server does: an address whose last connections are still closing is free
    var yes: Int32 = 1
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard bind(socket, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0, Glibc.listen(socket, 1) == 0 else { return errno }
    return 0
  }
}
