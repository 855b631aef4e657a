internal import Glibc
internal import Synchronization

/// The folder in which this pool's runners have theirs, locked while the pool lives.
///
/// A host that was killed leaves its folder behind, but not the lock: the next one removes it.
final class ScratchRoot: Sendable {
  let path: String
  private let parent: String
  private let lock: Int32
  private let isRemoved = Atomic(false)

  /// Others may pass through the parent, but not list it.
  ///
  /// - Throws: `.scratchUnusable`.
  init(in parent: String) throws(RunnersError) {
    func failure(_ reason: String) -> RunnersError { RunnersError(.scratchUnusable(reason: reason), subject: parent) }
    if mkdir(parent, 0o711) != 0 && errno != EEXIST { throw failure("it cannot be made (\(systemMessage(errno)))") }
    var status = stat()
    guard lstat(parent, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw failure("it is no folder") }
    // In /tmp another user may have made it first, to read or replace what tasks put there.
    guard status.st_uid == getuid() else { throw failure("it belongs to another user (\(status.st_uid))") }
    guard chmod(parent, 0o711) == 0 else { throw failure(systemMessage(errno)) }
    self.parent = parent
    // Until it is locked it has a name that `removeStale` does not look at.
    let name = "\(getpid())-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
    let hidden = "\(parent)/.\(name)"
    guard mkdir(hidden, 0o711) == 0 else { throw failure("no folder can be made in it (\(systemMessage(errno)))") }
    lock = open(hidden, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    path = "\(parent)/\(name)"
    guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0, rename(hidden, path) == 0 else {
      let reason = systemMessage(errno)
      rmdir(hidden)
      throw failure(reason)
    }
  }

  deinit {
    remove()
  }

  /// Gives the folder up, with all that is left in it.
  func remove() {
    guard !isRemoved.exchange(true, ordering: .acquiringAndReleasing) else { return }
    ScratchFolder.remove(path)
    close(lock)
  }

  /// A folder that one runner alone can enter.
  ///
  /// - Throws: `.scratchUnusable`.
  func makeFolder(for user: RunnerConfiguration.User?) throws(RunnersError) -> String {
    let folder = "\(path)/\(String(UInt64.random(in: 0 ... .max), radix: 36))"
    guard mkdir(folder, 0o700) == 0 else {
      throw RunnersError(.scratchUnusable(reason: "it cannot be made (\(systemMessage(errno)))"), subject: folder)
    }
    if let user, lchown(folder, user.uid, user.gid) != 0 {
      throw RunnersError(.scratchUnusable(reason: "it cannot be given to its user (\(systemMessage(errno)))"), subject: folder)
    }
    return folder
  }

  /// Removes the folders of pools that are gone.
  func removeStale() {
    guard let stream = opendir(parent) else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix(".") { continue }
      let other = openat(dirfd(stream), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      if other < 0 { continue }
      if flock(other, LOCK_EX | LOCK_NB) == 0 { ScratchFolder.remove("\(parent)/\(name)") }
      close(other)
    }
  }
}
