internal import Glibc
internal import Synchronization

/// Sends a file of a directory to a bucket straight from the disk, hashed first, so that the store can check what arrives.
struct S3FileUpload {
  /// Parts at a time.
  private static let lanes = 4

  private let directory: DirectoryStore
  private let sourceKey: ObjectKey
  private let wanted: ObjectHead
  private let store: S3Store
  private let key: ObjectKey
  private let options: WriteOptions
  private let cancel: Cancellation

  init(
    from directory: DirectoryStore, _ sourceKey: ObjectKey, _ wanted: ObjectHead, to store: S3Store, _ key: ObjectKey,
    _ options: WriteOptions, _ cancel: Cancellation
  ) {
    self.directory = directory
    self.sourceKey = sourceKey
    self.wanted = wanted
    self.store = store
    self.key = key
    self.options = options
    self.cancel = cancel
  }

  func run() throws(StorageError) -> WriteResult {
    let (file, status) = try directory.open(sourceKey)
    let head = ObjectHead(of: file, status)
    try directory.check(wanted.etag, head, sourceKey)
    let result = head.size <= UInt64(S3Store.mostHashed) ? try small(file, head) : try large(file, head)
    try directory.check(wanted.etag, ObjectHead(file.status()), sourceKey)
    return result
  }

  private func small(_ file: Descriptor, _ head: ObjectHead) throws(StorageError) -> WriteResult {
    let size = Int(head.size)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size, case let got = pread(file.number, buffer.baseAddress! + count, size - count, off_t(count)), got > 0 {
        count += got
      }
    }
    guard bytes.count == size else { throw StorageError(.failed, directory.subject(sourceKey), cause: "the file ended before its size") }
    let (sum, md5) = bytes.withUnsafeBytes { (RunningDigest.text(.sha256, of: $0), RunningDigest.text(.md5, of: $0)) }
    try check(sum, head)
    var placement = self.placement(head, sum)
    placement.md5 = md5
    return try placement.place { condition throws(StorageError) in
      try store.put(key, .bytes(bytes), size: head.size, sha256: sum, md5: md5, type: options.type ?? head.type, condition, cancel)
    }
  }

  private func large(_ file: Descriptor, _ head: ObjectHead) throws(StorageError) -> WriteResult {
    let sum = try FileBody.sha256(file, 0..<head.size, directory.subject(sourceKey), cancel)
    try check(sum, head)
    let type = options.type ?? head.type
    guard head.size > store.session.sizes.fileAtOnce else {
      return try placement(head, sum).place { condition throws(StorageError) in
        let body = HTTPBody.source(FileBody(file, 0..<head.size))
        return try store.put(key, body, size: head.size, sha256: sum, md5: nil, type: type, condition, cancel)
      }
    }
    let upload = try S3Upload(store, key, type: type, sha256: sum, cancel)
    let size = max(store.session.sizes.filePart, head.size / UInt64(S3Upload.mostParts - 1) + 1)
    let failure = Mutex<StorageError?>(nil)
    Lanes.forEach(Int((head.size + size - 1) / size), lanes: Self.lanes) { index in
      guard failure.withLock({ $0 }) == nil else { return }
      let start = UInt64(index) * size
      let range = start..<min(start + size, head.size)
      do throws(StorageError) {
        let payload = try FileBody.sha256(file, range, directory.subject(sourceKey), cancel)
        try upload.send(part: index + 1, .source(FileBody(file, range)), payload: payload)
      } catch { failure.withLock { $0 = error } }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return try placement(head, sum).place { condition throws(StorageError) in try upload.complete(size: head.size, condition) }
  }

  private func placement(_ head: ObjectHead, _ sum: String) -> S3Placement {
    S3Placement(store: store, key: key, options: options, cancel: cancel, size: head.size, sha256: sum)
  }

  private func check(_ sum: String, _ head: ObjectHead) throws(StorageError) {
    for expected in [options.sha256?.lowercased(), head.sha256, wanted.sha256] {
      guard let expected, expected != sum else { continue }
      throw StorageError(.damaged(expected: expected, found: sum), directory.subject(sourceKey))
    }
  }
}
