internal import CKernel
internal import Glibc

/// A folder that one runner alone can enter, and its removal with everything that was left in it.
enum ScratchFolder {
  /// Makes the folder that holds all runners' folders; others may pass through it, but not list it.
  static func prepare(_ path: String) throws(RunnersError) {
    if mkdir(path, 0o711) != 0 && errno != EEXIST { throw failure(path, "it cannot be made (\(systemMessage(errno)))") }
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw failure(path, "it is no folder") }
    // In /tmp another user may have made it first, to read or replace what tasks put there.
    guard status.st_uid == getuid() else { throw failure(path, "it belongs to another user (\(status.st_uid))") }
    guard chmod(path, 0o711) == 0 else { throw failure(path, systemMessage(errno)) }
  }

  static func make(in parent: String, user: RunnerConfiguration.User?) throws(RunnersError) -> String {
    let path = "\(parent)/\(getpid())-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
    guard mkdir(path, 0o700) == 0 else { throw failure(path, "it cannot be made (\(systemMessage(errno)))") }
    if let user, lchown(path, user.uid, user.gid) != 0 {
      throw failure(path, "it cannot be given to its user (\(systemMessage(errno)))")
    }
    return path
  }

  /// Removes the folder and all that is in it, without following a link. What cannot be removed stays.
  static func remove(_ path: String) {
    if rmdir(path) == 0 || errno != ENOTEMPTY { return }
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    if folder < 0 { return }
    empty(folder, depth: 0)
    rmdir(path)
  }

  /// Takes over the descriptor.
  private static func empty(_ folder: Int32, depth: Int) {
    guard depth < 256, let stream = fdopendir(folder) else {
      close(folder)
      return
    }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { strdup($0)! }
      }
      defer { free(name) }
      if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 { continue }
      if unlinkat(dirfd(stream), name, 0) == 0 { continue }
      let inner = openat(dirfd(stream), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      if inner < 0 { continue }
      fchmod(inner, 0o700)
      empty(inner, depth: depth + 1)
      unlinkat(dirfd(stream), name, AT_REMOVEDIR)
    }
  }

  private static func failure(_ path: String, _ reason: String) -> RunnersError {
    RunnersError(.scratchUnusable(reason: reason), subject: path)
  }
}
