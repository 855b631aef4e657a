internal import Glibc

/// Where the user of the runners can read a library: its own place, or a copy when that lies in a folder closed to them,
/// as root's home is.
enum ReachableLibrary {
  /// Answers the library's own path when no copy can be made: the loader then says what it could not open.
  /// - Parameter library: an absolute path.
  static func path(of library: String, configuration: RunnerConfiguration) -> String {
    guard let user = configuration.user, geteuid() == 0, !canRead(library, user) else { return library }
    return copy(of: library, in: configuration.scratch + "-libraries") ?? library
  }

  /// Whether the user can enter every folder above the file and read it, by their modes.
  private static func canRead(_ path: String, _ user: RunnerConfiguration.User) -> Bool {
    var end = path.index(after: path.startIndex)
    while let slash = path[end...].firstIndex(of: "/") {
      if !allows(String(path[..<slash]), user, bit: 1) { return false }
      end = path.index(after: slash)
    }
    return allows(path, user, bit: 4)
  }

  private static func allows(_ path: String, _ user: RunnerConfiguration.User, bit: mode_t) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    let shift: mode_t = status.st_uid == user.uid ? 6 : status.st_gid == user.gid ? 3 : 0
    return status.st_mode & (bit << shift) != 0
  }

  /// A copy that only root can write, named for the file as it is now; nil when it cannot be made.
  private static func copy(of library: String, in folder: String) -> String? {
    var status = stat()
    guard stat(library, &status) == 0, isOurs(folder) else { return nil }
    let version = "\(status.st_dev)-\(status.st_ino)-\(status.st_mtim.tv_sec)-\(status.st_mtim.tv_nsec)-\(status.st_size)"
    let home = "\(folder)/\(version)"
    let name = library.split(separator: "/").last.map(String.init) ?? "library.so"
    let target = "\(home)/\(name)"
    if access(target, R_OK) == 0 { return target }
    guard isOurs(home) else { return nil }
    let draft = "\(home)/.\(getpid())-\(name)"
    guard write(library, to: draft), rename(draft, target) == 0 else {
      unlink(draft)
      return nil
    }
    return target
  }

  /// Makes the folder if it is not there; true if it is root's and nobody else can write in it.
  private static func isOurs(_ folder: String) -> Bool {
    mkdir(folder, 0o755)
    var status = stat()
    return lstat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
      && status.st_mode & 0o022 == 0
  }

  private static func write(_ library: String, to draft: String) -> Bool {
    let source = open(library, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { return false }
    defer { close(source) }
    let target = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard target >= 0 else { return false }
    defer { close(target) }
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while case let count = read(source, &piece, piece.count), count != 0 {
      guard count > 0, Glibc.write(target, piece, count) == count else { return false }
    }
    return true
  }
}
