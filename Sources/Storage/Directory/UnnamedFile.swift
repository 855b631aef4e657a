internal import CKernel
internal import Glibc

/// A file that nobody sees until it is given its name; gone with the last reference, and with the process.
///
/// Where the file system knows no unnamed files it has a name that starts with ".weir-" meanwhile.
final class UnnamedFile: @unchecked Sendable {  // `folder` changes only in `link`, on the stream's one thread
  let descriptor: Descriptor
  private(set) var folder: Descriptor
  private let store: DirectoryStore
  private let key: ObjectKey
  private var temporary: String?

  /// `isNamed`: as if the file system knew no unnamed files.
  init(in store: DirectoryStore, for key: ObjectKey, isNamed: Bool = false) throws(StorageError) {
    self.store = store
    self.key = key
    for _ in Attempts() {
      folder = try store.folder(of: key)
      switch Self.make(in: folder, isNamed: isNamed) {
      case .success(let (descriptor, temporary)):
        self.descriptor = descriptor
        self.temporary = temporary
        return
      case .failure(let error):
        // Another host removed the folder as empty in between (ext4 says EPERM then): make it again.
        if folder.status().st_nlink > 0 { throw StorageError(errno: error.number, store.subject(key)) }
      }
    }
    throw StorageError(.unreachable, store.subject(key), cause: "other writers keep removing its folder")
  }

  private static func make(in folder: Descriptor, isNamed: Bool) -> Result<(Descriptor, String?), Errno> {
    let unnamed = isNamed ? -EOPNOTSUPP : weir_open_unnamed(folder.number, 0o644)
    if unnamed >= 0 { return .success((Descriptor(owning: unnamed), nil)) }
    guard [EOPNOTSUPP, EISDIR].contains(-unnamed) else { return .failure(Errno(number: -unnamed)) }
    let name = freshName()
    return folder.open(name, O_CREAT | O_EXCL | O_RDWR, mode: 0o644).map { ($0, name) }
  }

  deinit { if let temporary { unlinkat(folder.number, temporary, 0) } }

  /// Stamps time, checksum and type on the file and, if the store is durable, puts it on the disk.
  func seal(sha256: String, type: String?) throws(StorageError) -> ObjectHead {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    // The kernel's own stamp is as coarse as its tick: two writes within one could get the same etag.
    guard futimens(descriptor.number, [now, now]) == 0 else { throw StorageError(errno: errno, store.subject(key)) }
    let etag = ObjectHead.etag(descriptor.status())
    descriptor.setAttribute(ObjectHead.sha256Attribute, sha256 + " " + etag)
    if let type { descriptor.setAttribute(ObjectHead.typeAttribute, type) }
    if store.isDurable, fsync(descriptor.number) != 0 { throw StorageError(errno: errno, store.subject(key)) }
    return ObjectHead(of: descriptor, descriptor.status()).with(sha256: sha256)
  }

  /// Reads the file back and compares it with what was meant to be in it.
  func verify(_ head: ObjectHead, sha256: String, cancel: Cancellation) throws(StorageError) {
    let reader = DirectoryReader(descriptor, head, range: .all, subject: store.subject(key), cancel: cancel)
    let digest = RunningDigest(.sha256)
    try reader.forEachPiece { piece throws(StorageError) in digest.update(piece) }
    let found = digest.finishText()
    if found != sha256 { throw StorageError(.damaged(expected: sha256, found: found), store.subject(key)) }
  }

  /// Gives the file a name that nobody has; EEXIST if it is taken.
  func link(as name: String) -> Int32 {
    guard let temporary else { return -weir_link(descriptor.number, folder.number, name) }
    let error = -weir_rename_new(folder.number, temporary, name)
    if error == 0 { self.temporary = nil }
    return error
  }

  /// Gives the file the name of another, which it replaces.
  func replace(_ name: String) -> Int32 {
    if temporary == nil {
      let fresh = Self.freshName()
      let error = -weir_link(descriptor.number, folder.number, fresh)
      guard error == 0 else { return error }
      temporary = fresh
    }
    guard let temporary, renameat(folder.number, temporary, folder.number, name) == 0 else { return errno }
    self.temporary = nil
    return 0
  }

  /// After the folder was removed as empty while we wrote: makes it again.
  func reopenFolder() throws(StorageError) { folder = try store.folder(of: key) }

  private static func freshName() -> String {
    DirectoryStore.reserved + String(UInt64.random(in: .min ... .max), radix: 16)
  }
}
