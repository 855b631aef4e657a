/// Puts what was written under its key as the options say: looks where it must, and leaves the rest to the store's conditions.
struct S3Placement {
  /// What the store answered to a write under a condition.
  enum Answer {
    case written(ObjectHead)
    /// The condition does not hold (412).
    case notMet
    /// The store knows no such condition (501).
    case unknown
  }

  let store: S3Store
  let key: ObjectKey
  let options: WriteOptions
  let cancel: Cancellation
  let size: UInt64
  let sha256: String?
  /// Of the bytes, where they were sent in one piece.
  var md5: String?

  /// `write` makes the object appear; the headers are the condition.
  func place(_ write: ([(name: String, value: String)]) throws(StorageError) -> Answer) throws(StorageError) -> WriteResult {
    if let etag = options.ifMatch {
      let there = try checked(etag)
      if let kept = try keep(there) { return WriteResult(head: kept, isWritten: false) }
      return try replace(etag, write)
    }
    switch options.ifExists {
    case .replace: break
    case .update:
      if let there = try store.find(key, cancel), let kept = try keep(there) { return WriteResult(head: kept, isWritten: false) }
    case .fail, .skip: return try create(write)
    }
    return try plain(write)
  }

  private func plain(_ write: ([(name: String, value: String)]) throws(StorageError) -> Answer) throws(StorageError) -> WriteResult {
    guard case .written(let head) = try write([]) else {
      throw StorageError(.failed, store.subject(key), cause: "the store refuses a condition that was not set")
    }
    return WriteResult(head: head, isWritten: true)
  }

  /// Looks first even where the store has the condition: some take it and do not keep it.
  private func create(_ write: ([(name: String, value: String)]) throws(StorageError) -> Answer) throws(StorageError) -> WriteResult {
    if let there = try store.find(key, cancel), let kept = try keep(there) { return WriteResult(head: kept, isWritten: false) }
    guard store.session.can(.createOnly) else { return try plain(write) }
    switch try write([("If-None-Match", "*")]) {
    case .written(let head): return WriteResult(head: head, isWritten: true)
    case .unknown:
      store.session.cannot(.createOnly)
      return try plain(write)
    case .notMet:
      guard let there = try store.find(key, cancel), let kept = try keep(there) else {
        throw StorageError(.unreachable, store.subject(key), cause: "other writers keep changing it")
      }
      return WriteResult(head: kept, isWritten: false)
    }
  }

  private func replace(
    _ etag: String, _ write: ([(name: String, value: String)]) throws(StorageError) -> Answer
  ) throws(StorageError) -> WriteResult {
    // Ceph matches an etag only as it keeps it, without quotes
    for condition in ["\"\(etag)\"", etag] where store.session.can(.matchOnly) {
      switch try write([("If-Match", condition)]) {
      case .written(let head): return WriteResult(head: head, isWritten: true)
      case .unknown: store.session.cannot(.matchOnly)
      case .notMet: _ = try checked(etag)
      }
    }
    guard !store.session.can(.matchOnly) else { throw try store.changed(key, expected: etag, cancel) }
    return try plain(write)
  }

  /// The object that is there, if it is the version that the caller named.
  private func checked(_ etag: String) throws(StorageError) -> ObjectHead {
    let there = try store.find(key, cancel)
    guard let there, there.etag == etag else { throw StorageError(.changed(expected: etag, found: there?.etag), store.subject(key)) }
    return there
  }

  /// The object that is there, if it is to stay.
  private func keep(_ there: ObjectHead) throws(StorageError) -> ObjectHead? {
    switch options.ifExists {
    case .replace: return nil
    case .fail: throw StorageError(.exists, store.subject(key))
    case .skip: return there
    case .update:
      guard there.size == size else { return nil }
      if let md5, S3Head.isMD5(there.etag) { return there.etag == md5 ? sha256.map(there.with(sha256:)) ?? there : nil }
      let standing = try store.checksum(of: key, cancel: cancel)
      return standing.sha256 == sha256 ? standing.head.with(sha256: standing.sha256) : nil
    }
  }
}
