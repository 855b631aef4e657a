import Glibc

/// A lock on a file among processes. The kernel releases it when its holder ends, however it ends.
final class FileLock: Sendable {
  let descriptor: Int32

  /// Opens the lock's file, without locking yet.
  init(_ path: String, owner: ClusterOwner) throws(FileFault) {
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw FileFault("open", path) }
    if owner.isOtherThanSelf { _ = fchown(file, owner.uid, owner.gid) }
    descriptor = file
  }

  deinit { close(descriptor) }

  /// False when another process holds it.
  func tryExclusive() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

  /// Waits for others to be done; false when that takes longer than `timeout`.
  func exclusive(within timeout: Duration) -> Bool {
    let deadline = ContinuousClock.now + timeout
    while !tryExclusive() {
      guard ContinuousClock.now < deadline else { return false }
      usleep(20_000)
    }
    return true
  }

  /// Replaces an exclusive lock too; other holders of shared locks do not mind.
  func share() -> Bool { flock(descriptor, LOCK_SH | LOCK_NB) == 0 }

  func release() { flock(descriptor, LOCK_UN) }

  /// What the holder wrote about itself.
  func write(note: String) {
    let bytes = Array(note.utf8)
    ftruncate(descriptor, 0)
    pwrite(descriptor, bytes, bytes.count, 0)
  }

  var note: String {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return String(decoding: bytes[0..<max(0, count)], as: UTF8.self)
  }
}
