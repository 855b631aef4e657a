import Glibc

/// The folder of the server's socket: short, since a socket's path has at most 107 bytes, and closed to other users.
enum SocketFolder {
  /// Makes it, or takes over the one that this cluster left.
  static func prepare(for place: String, owner: ClusterOwner, folder: String) throws(ClusterError) -> String {
    let parents = parents(owner)
    for parent in parents {
      for number in 1...9 {
        let path = "\(parent)/weir-\(identity(of: place))" + (number == 1 ? "" : "-\(number)")
        if take(path, owner) { return path }
      }
    }
    throw ClusterError(.socketTaken(path: "\(parents[parents.count - 1])/weir-\(identity(of: place))"), folder: folder)
  }

  /// Takes it away again, with what a server that was killed left in it. One that a live server uses stays.
  static func remove(_ path: String) {
    if clear(path) { rmdir(path) }
  }

  /// A short name for a place, the same each time.
  static func identity(of place: String) -> String {
    // FNV-1a. A collision costs nothing but a number at the name's end.
    let hash = place.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static func parents(_ owner: ClusterOwner) -> [String] {
    if owner.isOtherThanSelf { return ["/run", "/tmp"] }
    let own = getenv("XDG_RUNTIME_DIR").map { String(cString: $0) } ?? ""
    // "/weir-<16>-9/.s.PGSQL.5432" takes 38 bytes.
    return own.hasPrefix("/") && own.utf8.count <= 60 ? [own, "/tmp"] : ["/tmp"]
  }

  private static func take(_ path: String, _ owner: ClusterOwner) -> Bool {
    if mkdir(path, 0o700) == 0 {
      guard !owner.isOtherThanSelf || chown(path, owner.uid, owner.gid) == 0 else { return false }
      return owner.canEnter(path)
    }
    // Only a real folder of the same user, closed to others, is ours; anybody can make names in /tmp.
    guard errno == EEXIST, let info = Files.info(path), Files.isFolder(info), info.st_uid == owner.uid,
      info.st_mode & 0o077 == 0
    else { return false }
    return clear(path)
  }

  /// Removes what a server that is gone left there. False when a live one uses it.
  private static func clear(_ path: String) -> Bool {
    let socket = "\(path)/.s.PGSQL.5432"
    let lines = Files.read(socket + ".lock")?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
    if lines.count > 1, Postmaster.running(on: String(lines[1])) != nil { return false }
    do {
      try Files.remove(socket)
      try Files.remove(socket + ".lock")
      return true
    } catch {
      return false
    }
  }
}
