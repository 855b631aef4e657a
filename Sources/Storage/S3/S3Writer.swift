/// Gathers what is pushed: up to a part's size is one request at commit, more is sent in parts as they fill.
final class S3Writer: ObjectWriteStream, @unchecked Sendable {  // a stream is used by one thread at a time
  private let store: S3Store
  private let key: ObjectKey
  private let options: WriteOptions
  private let cancel: Cancellation
  private let digest = RunningDigest(.sha256)
  private var part: [UInt8] = []
  private var size: UInt64 = 0
  private var sent = 0
  private var upload: S3Upload?
  private var isOver = false

  init(_ store: S3Store, _ key: ObjectKey, _ options: WriteOptions, _ cancel: Cancellation) {
    self.store = store
    self.key = key
    self.options = options
    self.cancel = cancel
  }

  /// Grows with the object, since it can have only 10,000 parts: the second thousand are twice as large as the first, and so on.
  private var partSize: Int { store.session.sizes.streamPart << min(sent / 1000, 9) }

  func push(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
    guard !isOver else { throw StorageError(.failed, store.subject(key), cause: "the stream is over") }
    digest.update(bytes)
    size += UInt64(bytes.count)
    var rest = bytes
    while !rest.isEmpty {
      if cancel.isCancelled { throw StorageError(.cancelled, store.subject(key)) }
      if part.count == partSize { try flush() }
      let count = min(rest.count, partSize - part.count)
      part.append(contentsOf: UnsafeRawBufferPointer(rebasing: rest[..<count]))
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  private func flush() throws(StorageError) {
    let upload: S3Upload
    if let begun = self.upload {
      upload = begun
    } else {
      upload = try S3Upload(store, key, type: options.type, sha256: options.sha256, cancel)
      self.upload = upload
    }
    sent += 1
    try upload.send(part: sent, .bytes(part), payload: part.withUnsafeBytes { RunningDigest.text(.sha256, of: $0) })
    part.removeAll(keepingCapacity: true)
  }

  func commit() throws(StorageError) -> WriteResult {
    guard !isOver else { throw StorageError(.failed, store.subject(key), cause: "the stream is over") }
    isOver = true
    defer { upload = nil }
    let sha256 = digest.finishText()
    if let expected = options.sha256?.lowercased(), expected != sha256 {
      throw StorageError(.damaged(expected: expected, found: sha256), store.subject(key))
    }
    var placement = S3Placement(store: store, key: key, options: options, cancel: cancel, size: size, sha256: sha256)
    guard let upload else {
      let md5 = part.count <= S3Store.mostHashed ? part.withUnsafeBytes { RunningDigest.text(.md5, of: $0) } : nil
      placement.md5 = md5
      return try placement.place { condition throws(StorageError) in
        try store.put(
          key, .bytes(part), size: size, sha256: sha256, md5: md5, type: options.type, condition, cancel)
      }
    }
    try flush()
    return try placement.place { condition throws(StorageError) in try upload.complete(size: size, condition) }
  }

  func abort() {
    isOver = true
    upload = nil  // which gives back what was sent
    part = []
  }
}
