internal import Synchronization

/// Copies batches of objects, many at once, each verified.
///
/// Every element is tried, whatever becomes of the others. The version that is copied is the one looked at first (or the
/// one demanded by etag), so an object that changes meanwhile is an error and never a mixture. Every copy is read back
/// and its SHA-256 compared with the source's before it appears.
public struct Transfer: Sendable {
  public enum Side: Sendable { case source, target }

  private let lanes: Int
  private let store: @Sendable (_ container: String?, Side) throws(StorageError) -> any ObjectStore

  /// `store` finds a container, or scratch for nil, and refuses what may not be read from or written to.
  public init(
    lanes: Int = 16,
    store: @escaping @Sendable (_ container: String?, Side) throws(StorageError) -> any ObjectStore
  ) {
    self.lanes = lanes
    self.store = store
  }

  public func copy(_ elements: [TransferElement], cancel: Cancellation = .never) -> TransferReport {
    let results = Mutex<[Result<WriteResult, StorageError>?]>(Array(repeating: nil, count: elements.count))
    Lanes.forEach(elements.count, lanes: lanes) { index in
      let result: Result<WriteResult, StorageError>
      do throws(StorageError) {
        result = .success(try copy(elements[index], cancel))
      } catch { result = .failure(error) }
      results.withLock { $0[index] = result }
    }
    var report = TransferReport()
    for (index, result) in results.withLock({ $0 }).enumerated() {
      switch result {
      case .success(let result):
        if result.isWritten { report.done += 1 } else { report.skipped += 1 }
        if result.isWritten { report.bytes += result.head.size }
        report.heads.append(result.head)
        report.isWritten.append(result.isWritten)
      case .failure(let error):
        report.failed.append(TransferReport.Failure(index: index, error: error))
        report.heads.append(nil)
        report.isWritten.append(false)
      case nil: preconditionFailure("a lane left element \(index) out")  // Lanes.forEach calls for every index
      }
    }
    return report
  }

  private func copy(_ element: TransferElement, _ cancel: Cancellation) throws(StorageError) -> WriteResult {
    let source = try store(element.fromContainer, .source)
    let target = try store(element.toContainer, .target)
    let (fromKey, toKey) = (try ObjectKey(element.fromKey), try ObjectKey(element.toKey))
    try cancel.check(source.subject(fromKey))
    var head = try source.stat(fromKey)
    if let etag = element.fromEtag, etag != head.etag {
      throw StorageError(.changed(expected: etag, found: head.etag), source.subject(fromKey))
    }
    if let kept = try kept(target, toKey, element.options, source, fromKey, &head, cancel) { return kept }
    let inside = try target.copy(
      from: source, fromKey, etag: head.etag, sha256: head.sha256, to: toKey, options: element.options, cancel: cancel)
    if let inside { return inside }
    return try pass(source, fromKey, head, target, toKey, element.options, cancel)
  }

  /// What `skip` and `update` keep without copying first; learns the source's checksum into `head` on the way.
  private func kept(
    _ target: any ObjectStore, _ key: ObjectKey, _ options: WriteOptions, _ source: any ObjectStore,
    _ sourceKey: ObjectKey, _ head: inout ObjectHead, _ cancel: Cancellation
  ) throws(StorageError) -> WriteResult? {
    guard options.ifExists != .replace, options.ifMatch == nil, let there = try present(target, key) else { return nil }
    switch options.ifExists {
    case .replace: return nil
    case .fail: throw StorageError(.exists, target.subject(key))
    case .skip: return WriteResult(head: there, isWritten: false)
    case .update:
      guard there.size == head.size else { return nil }
      let original = try source.checksum(of: sourceKey, cancel: cancel)
      guard original.head.etag == head.etag else {
        throw StorageError(.changed(expected: head.etag, found: original.head.etag), source.subject(sourceKey))
      }
      head = head.with(sha256: original.sha256)
      let standing = try target.checksum(of: key, cancel: cancel)
      guard standing.sha256 == original.sha256 else { return nil }
      return WriteResult(head: standing.head.with(sha256: standing.sha256), isWritten: false)
    }
  }

  private func present(_ store: any ObjectStore, _ key: ObjectKey) throws(StorageError) -> ObjectHead? {
    do throws(StorageError) {
      return try store.stat(key)
    } catch {
      guard error.code == .noObject else { throw error }
      return nil
    }
  }

  /// Through our own memory, for stores of two kinds.
  private func pass(
    _ source: any ObjectStore, _ sourceKey: ObjectKey, _ head: ObjectHead, _ target: any ObjectStore, _ key: ObjectKey,
    _ options: WriteOptions, _ cancel: Cancellation
  ) throws(StorageError) -> WriteResult {
    var options = options
    options.sha256 = options.sha256 ?? head.sha256
    options.type = options.type ?? head.type
    let reader = try source.openRead(sourceKey, range: .all, etag: head.etag, cancel: cancel)
    let writer = try target.openWrite(key, options: options, isVerified: true, cancel: cancel)
    do throws(StorageError) {
      try reader.forEachPiece { piece throws(StorageError) in try writer.push(piece) }
    } catch {
      writer.abort()
      throw error
    }
    return try writer.commit()
  }
}
