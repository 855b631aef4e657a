import Engine
import Glibc

extension Actor {
  /// Whoever runs this command, and has the database for it.
  static var user: Actor {
    let name = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? "uid \(getuid())"
    return Actor(name: name, role: .admin, via: .cli)
  }
}
