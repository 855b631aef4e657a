internal import Synchronization

/// Has the store copy an object, and proves that it did.
struct S3Copy {
  /// Parts at a time.
  private static let lanes = 4
  /// Up to here a condition is worth the way through us: a copy knows none, a write does.
  private static let mostThroughUs: UInt64 = 8 << 20

  private let source: S3Store
  private let sourceKey: ObjectKey
  private let head: ObjectHead
  private let target: S3Store
  private let key: ObjectKey
  private let options: WriteOptions
  private let cancel: Cancellation

  init(
    from source: S3Store, _ sourceKey: ObjectKey, _ head: ObjectHead, to target: S3Store, _ key: ObjectKey, _ options: WriteOptions,
    _ cancel: Cancellation
  ) {
    self.source = source
    self.sourceKey = sourceKey
    self.head = head
    self.target = target
    self.key = key
    self.options = options
    self.cancel = cancel
  }

  /// Nil: the bytes must pass through us.
  func run() throws(StorageError) -> WriteResult? {
    let isConditional = options.ifExists != .replace || options.ifMatch != nil
    if isConditional, head.size <= Self.mostThroughUs { return nil }
    if let expected = options.sha256 {
      guard let known = try full().sha256 else { return nil }
      guard known == expected.lowercased() else {
        throw StorageError(.damaged(expected: expected, found: known), source.subject(sourceKey))
      }
    }
    guard isConditional || head.size > target.session.sizes.copyAtOnce else { return try whole() }
    return try inParts()
  }

  /// The head with checksum and type: a listing has neither.
  private func full() throws(StorageError) -> ObjectHead {
    if head.type != nil { return head }
    let found = try source.stat(sourceKey)
    guard found.etag == head.etag else {
      throw StorageError(.changed(expected: head.etag, found: found.etag), source.subject(sourceKey))
    }
    return found
  }

  private func whole() throws(StorageError) -> WriteResult {
    var request = S3Request("PUT", key)
    request.headers = [
      ("x-amz-copy-source", source.location.copySource(sourceKey)), ("x-amz-copy-source-if-match", "\"\(head.etag)\""),
    ]
    if let type = options.type {
      request.headers.append(("x-amz-metadata-directive", "REPLACE"))
      request.headers += S3Store.metadata(type: type, sha256: try full().sha256, writer: nil)
    }
    request.accepted = [404, 412]
    let (answer, body) = try target.call(cancel).send(request)
    if !answer.isSuccess, S3Refusal(answer, body).code == "NoSuchBucket" { throw StorageError(.noContainer, target.name.text) }
    guard answer.isSuccess else { throw try source.changed(sourceKey, expected: head.etag, cancel) }
    let result = XMLElement(parsing: body)
    let etag = S3Head.etag(result?.text("ETag") ?? "")
    if etag == head.etag {
      // the same ETag is the same bytes
      let modified = result?.text("LastModified").flatMap(S3Time.parse) ?? target.session.date
      let made = ObjectHead(size: head.size, etag: etag, modified: modified, sha256: head.sha256, type: options.type ?? head.type)
      return WriteResult(head: made, isWritten: true)
    }
    return WriteResult(head: try proven(etag), isWritten: true)
  }

  /// For ETags that do not compare, of objects written in parts or encrypted by key: the sizes do.
  private func proven(_ etag: String) throws(StorageError) -> ObjectHead {
    guard let found = try target.find(key, cancel) else {
      throw StorageError(.incomplete(expected: head.size, found: 0), target.subject(key))
    }
    // not every store keeps the condition on the source
    guard try source.find(sourceKey, cancel)?.etag == head.etag else { throw try source.changed(sourceKey, expected: head.etag, cancel) }
    if found.etag == etag || etag.isEmpty { try target.verify(key, found: found.size, expected: head.size) }
    return found
  }

  private func inParts() throws(StorageError) -> WriteResult? {
    let full = try self.full()
    let upload = try S3Upload(target, key, type: options.type ?? full.type, sha256: full.sha256, cancel)
    let size = max(target.session.sizes.copyPart, (head.size / UInt64(S3Upload.mostParts - 1) + 1))
    let count = max(1, Int((head.size + size - 1) / size))
    let from = source.location.copySource(sourceKey)
    let outcome = Mutex<Result<Bool, StorageError>>(.success(true))
    Lanes.forEach(count, lanes: Self.lanes) { index in
      guard case .success(true) = outcome.withLock({ $0 }) else { return }
      let start = UInt64(index) * size
      do throws(StorageError) {
        let isCopied = try upload.copy(part: index + 1, from: from, etag: head.etag, bytes: start..<min(start + size, head.size))
        if !isCopied { outcome.withLock { $0 = .success(false) } }
      } catch { outcome.withLock { $0 = .failure(error) } }
    }
    // a store that does not say what it copied has copied nothing
    guard try outcome.withLock({ $0 }).get() else { return nil }
    guard try source.find(sourceKey, cancel)?.etag == head.etag else { throw try source.changed(sourceKey, expected: head.etag, cancel) }
    let placement = S3Placement(store: target, key: key, options: options, cancel: cancel, size: head.size, sha256: full.sha256)
    return try placement.place { condition throws(StorageError) in try upload.complete(size: head.size, condition) }
  }
}
