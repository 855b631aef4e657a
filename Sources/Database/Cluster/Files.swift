import Glibc

/// A file operation that the system refused.
struct FileFault: Error {
  let action: String
  let path: String
  let number: Int32

  init(_ action: String, _ path: String, number: Int32 = errno) {
    self.action = action
    self.path = path
    self.number = number
  }

  var reason: String { String(cString: strerror(number)) }

  func inFolder(_ folder: String) -> ClusterError {
    let isRights = number == EACCES || number == EPERM || number == EROFS
    return ClusterError(
      isRights
        ? .notPermitted(action: action, path: path, reason: reason)
        : .fileFault(action: action, path: path, reason: reason),
      folder: folder)
  }
}

/// The few file operations that a cluster needs.
enum Files {
  static func exists(_ path: String) -> Bool {
    var info = stat()
    return lstat(path, &info) == 0
  }

  /// Owner and mode of `path` itself; nil when nothing is there.
  static func info(_ path: String) -> stat? {
    var info = stat()
    return lstat(path, &info) == 0 ? info : nil
  }

  static func isFolder(_ info: stat) -> Bool { info.st_mode & S_IFMT == S_IFDIR }

  /// The whole text of a small file; nil when it cannot be read.
  static func read(_ path: String, limit: Int = 1 << 20) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    return read(descriptor: file, limit: limit)
  }

  static func read(descriptor: Int32, limit: Int = 1 << 20) -> String {
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while text.count < limit {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      text += chunk[0..<count]
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The end of a log file.
  static func tail(_ path: String, bytes: Int = 2000) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    let size = lseek(file, 0, SEEK_END)
    lseek(file, max(0, size - bytes), SEEK_SET)
    return read(descriptor: file)
  }

  /// Puts `text` under `path` whole or not at all, durably, belonging to `owner`.
  static func write(_ text: String, to path: String, owner: ClusterOwner, mode: mode_t = 0o600) throws(FileFault) {
    let partial = path + ".partial"
    let file = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard file >= 0 else { throw FileFault("write", partial) }
    defer { close(file) }
    let bytes = Array(text.utf8)
    guard Glibc.write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else { throw FileFault("write", partial) }
    if owner.isOtherThanSelf, fchown(file, owner.uid, owner.gid) != 0 { throw FileFault("give away", partial) }
    guard rename(partial, path) == 0 else { throw FileFault("write", path) }
  }

  /// Makes a folder with exactly this mode, unless it is there.
  static func makeFolder(_ path: String, mode: mode_t) throws(FileFault) {
    if mkdir(path, mode) == 0 {
      chmod(path, mode)
    } else if errno != EEXIST {
      throw FileFault("make the folder", path)
    }
  }

  /// Makes a folder and those above it that are missing.
  static func makeFolders(_ path: String, mode: mode_t) throws(FileFault) {
    guard !exists(path) else { return }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try makeFolders(String(path[..<slash]), mode: mode)
    }
    try makeFolder(path, mode: mode)
  }

  /// The path without links and dots; nil when it does not exist.
  static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// Removes a file, or a folder with all in it. Links are removed, not followed.
  static func remove(_ path: String) throws(FileFault) {
    guard let info = info(path) else { return }
    guard isFolder(info) else {
      guard unlink(path) == 0 else { throw FileFault("remove", path) }
      return
    }
    for name in names(in: path) { try remove("\(path)/\(name)") }
    guard rmdir(path) == 0 else { throw FileFault("remove", path) }
  }

  /// Gives a folder and all in it to `owner`; nothing to do when that is this process's user.
  static func giveAway(_ path: String, to owner: ClusterOwner) throws(FileFault) {
    guard owner.isOtherThanSelf else { return }
    guard lchown(path, owner.uid, owner.gid) == 0 else { throw FileFault("give away", path) }
    guard let info = info(path), isFolder(info) else { return }
    for name in names(in: path) { try giveAway("\(path)/\(name)", to: owner) }
  }

  static func names(in folder: String) -> [String] {
    guard let listing = opendir(folder) else { return [] }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }
}
