internal import CKernel
internal import Glibc

/// Writes an unnamed file beside where the object will be, and names it at commit.
final class DirectoryWriter: ObjectWriteStream, @unchecked Sendable {  // a stream is used by one thread at a time
  private let store: DirectoryStore
  private let key: ObjectKey
  private let options: WriteOptions
  private let isVerified: Bool
  private let cancel: Cancellation
  private var file: UnnamedFile?
  private let digest = RunningDigest(.sha256)
  private var size: UInt64 = 0

  init(
    _ store: DirectoryStore, _ key: ObjectKey, _ options: WriteOptions, isVerified: Bool, cancel: Cancellation
  ) throws(StorageError) {
    try store.checkReserved(key)
    self.store = store
    self.key = key
    self.options = options
    self.isVerified = isVerified
    self.cancel = cancel
    self.file = try UnnamedFile(in: store, for: key)
  }

  func push(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
    guard let file else { throw StorageError(.failed, store.subject(key), cause: "the stream is over") }
    var rest = bytes
    while !rest.isEmpty {
      try cancel.check(store.subject(key))
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 20))
      let written = write(file.descriptor.number, piece.baseAddress, piece.count)
      guard written >= 0 else { throw StorageError(errno: errno, store.subject(key)) }
      digest.update(UnsafeRawBufferPointer(rebasing: piece[..<written]))
      size += UInt64(written)
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  func commit() throws(StorageError) -> WriteResult {
    guard let file else { throw StorageError(.failed, store.subject(key), cause: "the stream is over") }
    self.file = nil
    let sha256 = digest.finishText()
    if let expected = options.sha256?.lowercased(), expected != sha256 {
      throw StorageError(.damaged(expected: expected, found: sha256), store.subject(key))
    }
    let head = try file.seal(sha256: sha256, type: options.type)
    if isVerified { try file.verify(head, sha256: sha256, cancel: cancel) }
    return try DirectoryPlacement(store, key, options, cancel).place(file, head)
  }

  func abort() { file = nil }

  deinit { abort() }
}
