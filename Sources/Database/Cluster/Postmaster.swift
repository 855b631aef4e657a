import CPostgres
import Glibc

/// The server's main process, as `postmaster.pid` describes it.
struct Postmaster: Sendable {
  let pid: Int32
  let socketFolder: String

  /// The one that runs on `data`; nil when there is none. A file left by a server that is gone does not count.
  ///
  /// - Source: PostgreSQL 15, src/include/utils/pidfile.h: line 1 is the pid, line 5 the socket's folder.
  static func running(on data: String) -> Postmaster? {
    guard let text = Files.read("\(data)/postmaster.pid") else { return nil }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let pid = lines.first.flatMap({ Int32($0.drop { $0 == "-" }) }), pid > 1, isServer(pid, of: data) else { return nil }
    return Postmaster(pid: pid, socketFolder: lines.count > 4 ? String(lines[4]) : "")
  }

  /// Whether a stale file is one that PostgreSQL would stop at: without a number, or with that of another live process.
  /// Any other it judges better by itself, since the file also says which shared memory must be out of use.
  static func isStaleFileInTheWay(of data: String) -> Bool {
    guard let text = Files.read("\(data)/postmaster.pid"), running(on: data) == nil else { return false }
    guard let pid = Int32(text.prefix { $0 != "\n" }), pid > 0 else { return true }
    return kill(pid, 0) == 0 || errno == EPERM
  }

  /// Whether the server answers: it accepts sessions, refuses them for now (starting or stopping), or is silent.
  func ping() -> PGPing {
    PQping(Self.url(socketFolder: socketFolder, database: "postgres") + "&connect_timeout=3")
  }

  static func url(socketFolder: String, database: String, user: String = "weir") -> String {
    let host = socketFolder.utf8.map { byte in
      let character = Character(Unicode.Scalar(byte))
      let isPlain = byte < 128 && (character.isLetter || character.isNumber || "-._~".contains(character))
      return isPlain ? String(character) : "%" + String(byte >> 4, radix: 16).uppercased() + String(byte & 15, radix: 16).uppercased()
    }.joined()
    return "postgresql://\(user)@/\(database)?host=\(host)"
  }

  // Numbers of processes are used again: only one that works in the data folder is the server.
  private static func isServer(_ pid: Int32, of data: String) -> Bool {
    guard kill(pid, 0) == 0 || errno == EPERM else { return false }
    if let place = Files.resolved("/proc/\(pid)/cwd") { return place == Files.resolved(data) }
    guard errno == EACCES || errno == EPERM else { return false }
    return Files.read("/proc/\(pid)/comm")?.hasPrefix("postgres") ?? false
  }
}
