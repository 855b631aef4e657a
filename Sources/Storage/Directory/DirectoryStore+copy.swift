internal import CKernel
internal import Glibc

extension DirectoryStore {
  public func copiesInside(from source: any ObjectStore) -> Bool { source is DirectoryStore }

  /// Copies from another directory inside the kernel: by sharing blocks where the file system can.
  ///
  /// Then both files are read and hashed (the source only if its checksum is not known for just that version), and the
  /// copy gets its name only if the two agree. What is compared is what the file system answers, so it proves the
  /// copying and what is cached; a disk that loses bytes later is beyond it.
  public func copy(
    from source: any ObjectStore, _ sourceKey: ObjectKey, _ wanted: ObjectHead, to key: ObjectKey, options: WriteOptions,
    cancel: Cancellation
  ) throws(StorageError) -> WriteResult? {
    guard let source = source as? DirectoryStore else { return nil }
    try checkReserved(key)
    let (original, status) = try source.open(sourceKey)
    let head = ObjectHead(of: original, status)
    try source.check(wanted.etag, head, sourceKey)
    let file = try UnnamedFile(in: self, for: key)
    try clone(original, size: head.size, to: file.descriptor, cancel, key)
    let sum: String
    if let sha256 = wanted.sha256 { sum = sha256 } else { sum = try source.hash(original, head, sourceKey, cancel) }
    if let expected = options.sha256?.lowercased(), expected != sum {
      throw StorageError(.damaged(expected: expected, found: sum), source.subject(sourceKey))
    }
    let sealed = try file.seal(sha256: sum, type: options.type ?? head.type)
    try file.verify(sealed, sha256: sum, cancel: cancel)
    try source.check(wanted.etag, ObjectHead(original.status()), sourceKey)
    return try DirectoryPlacement(self, key, options, cancel).place(file, sealed)
  }

  private func hash(
    _ file: Descriptor, _ head: ObjectHead, _ key: ObjectKey, _ cancel: Cancellation
  ) throws(StorageError) -> String {
    let digest = RunningDigest(.sha256)
    let reader = DirectoryReader(file, head, range: .all, subject: subject(key), cancel: cancel)
    try reader.forEachPiece { piece throws(StorageError) in digest.update(piece) }
    return digest.finishText()
  }

  private func clone(
    _ source: Descriptor, size: UInt64, to target: Descriptor, _ cancel: Cancellation, _ key: ObjectKey
  ) throws(StorageError) {
    if weir_clone(target.number, source.number) == 0 { return }
    var done: UInt64 = 0
    while done < size {
      try cancel.check(subject(key))
      let copied = weir_copy_range(target.number, source.number, min(size - done, 8 << 20))
      if copied == 0 { return }  // shorter than it was: the etag will tell
      guard copied > 0 else {
        let number = Int32(-copied)
        guard done == 0, [EXDEV, EINVAL, EOPNOTSUPP, ENOSYS].contains(number) else {
          throw StorageError(errno: number, subject(key))
        }
        return try copyBytes(source, to: target, cancel, key)
      }
      done += UInt64(copied)
    }
  }

  /// For pairs of file systems between which the kernel does not copy.
  private func copyBytes(
    _ source: Descriptor, to target: Descriptor, _ cancel: Cancellation, _ key: ObjectKey
  ) throws(StorageError) {
    var offset: off_t = 0
    while true {
      try cancel.check(subject(key))
      let sent = sendfile(target.number, source.number, &offset, 8 << 20)
      if sent == 0 { return }
      guard sent > 0 else { throw StorageError(errno: errno, subject(key)) }
    }
  }
}
