internal import Glibc

/// Puts a finished file under its key: looks at what is there, decides, and acts, alone in the folder meanwhile.
///
/// The folder is locked (flock) against other hosts and threads, so that nothing comes between the look and the rename.
struct DirectoryPlacement {
  private let store: DirectoryStore
  private let key: ObjectKey
  private let options: WriteOptions
  private let cancel: Cancellation
  private let name: String

  init(_ store: DirectoryStore, _ key: ObjectKey, _ options: WriteOptions, _ cancel: Cancellation) {
    self.store = store
    self.key = key
    self.options = options
    self.cancel = cancel
    name = String(key.text.split(separator: "/").last ?? "")
  }

  private enum Present { case nothing, object(ObjectHead), folder, other }

  func place(_ file: UnnamedFile, _ head: ObjectHead) throws(StorageError) -> WriteResult {
    for _ in Attempts() {
      let known = options.ifExists == .update ? try presentChecksum(size: head.size) : nil
      try lock(file.folder)
      defer { flock(file.folder.number, LOCK_UN) }
      let present = try look(file.folder)
      if let kept = try keep(present, head, known) { return WriteResult(head: kept, isWritten: false) }
      let error: Int32
      switch present {
      case .nothing: error = file.link(as: name)
      case .object: error = file.replace(name)
      case .other: throw StorageError(.symbolicLink, store.subject(key))
      case .folder:
        guard unlinkat(file.folder.number, name, AT_REMOVEDIR) == 0 || errno == ENOENT else {
          throw StorageError(.blocked(by: key.text + "/"), store.subject(key))
        }
        continue
      }
      switch error {
      case 0:
        if store.isDurable { fsync(file.folder.number) }
        return WriteResult(head: head, isWritten: true)
      case EEXIST: continue  // somebody who takes no lock was quicker: look again
      case ENOENT: try file.reopenFolder()
      default: throw StorageError(errno: error, store.subject(key))
      }
    }
    throw StorageError(.unreachable, store.subject(key), cause: "other writers keep changing it")
  }

  /// The object that stays, if the options say so.
  private func keep(_ present: Present, _ head: ObjectHead, _ known: ObjectHead?) throws(StorageError) -> ObjectHead? {
    guard case .object(let there) = present else {
      guard let etag = options.ifMatch else { return nil }
      throw StorageError(.changed(expected: etag, found: nil), store.subject(key))
    }
    try store.check(options.ifMatch, there, key)
    switch options.ifExists {
    case .replace: return nil
    case .fail: throw StorageError(.exists, store.subject(key))
    case .skip: return there
    case .update:
      guard there.size == head.size, known?.etag == there.etag, known?.sha256 == head.sha256 else { return nil }
      return known
    }
  }

  /// Hashed before the lock is taken, since it may take long; it counts only if the etag is still the same then.
  private func presentChecksum(size: UInt64) throws(StorageError) -> ObjectHead? {
    do throws(StorageError) {
      guard try store.stat(key).size == size else { return nil }
      let (head, sha256) = try store.checksum(of: key, cancel: cancel)
      return head.with(sha256: sha256)
    } catch {
      if error.code == .noObject { return nil }
      throw error
    }
  }

  private func look(_ folder: Descriptor) throws(StorageError) -> Present {
    var status = Glibc.stat()
    guard fstatat(folder.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      if errno == ENOENT { return .nothing }
      throw StorageError(errno: errno, store.subject(key))
    }
    if status.isDirectory { return .folder }
    guard status.isRegular else { return .other }
    guard case .success(let file) = folder.open(name, O_RDONLY | O_NONBLOCK) else { return .object(ObjectHead(status)) }
    return .object(ObjectHead(of: file, file.status()))
  }

  private func lock(_ folder: Descriptor) throws(StorageError) {
    var waited: useconds_t = 0
    var pause: useconds_t = 100
    while flock(folder.number, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { throw StorageError(errno: errno, store.subject(key)) }
      try cancel.check(store.subject(key))
      guard waited < 30_000_000 else {
        throw StorageError(.unreachable, store.subject(key), cause: "another program holds the folder's lock")
      }
      usleep(pause)
      waited += pause
      pause = min(pause * 2, 10_000)
    }
  }
}
