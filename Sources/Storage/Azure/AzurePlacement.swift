/// Puts something under a key on the conditions of its options, with the service's own conditions: nothing comes between the
/// look and the act.
struct AzurePlacement {
  enum Outcome {
    case placed(ObjectHead)
    /// A condition was not met.
    case refused
  }

  private let store: AzureStore
  private let key: ObjectKey
  private let options: WriteOptions
  private let mark: String
  private let cancel: Cancellation

  init(_ store: AzureStore, _ key: ObjectKey, _ options: WriteOptions, mark: String, cancel: Cancellation) {
    self.store = store
    self.key = key
    self.options = options
    self.mark = mark
    self.cancel = cancel
  }

  /// `act` asks the service once, on the conditions given; `sha256` is that of the bytes to come, if known.
  func place(
    size: UInt64, sha256: String?, act: ([AzureCall.Header]) throws(StorageError) -> Outcome
  ) throws(StorageError) -> WriteResult {
    for _ in 0..<20 {
      let needsLook = options.ifMatch != nil || options.ifExists == .update
      let there = needsLook ? try store.present(key, cancel: cancel) : nil
      if let kept = try kept(there, size: size, sha256: sha256) { return WriteResult(head: kept, isWritten: false) }
      if case .placed(let head) = try act(conditions(there)) { return WriteResult(head: head, isWritten: true) }
      let now = try store.present(key, cancel: cancel)
      if let etag = options.ifMatch { throw StorageError(.changed(expected: etag, found: now?.etag), store.subject(key)) }
      guard let now else { continue }  // it is gone again
      switch options.ifExists {
      case .fail: throw StorageError(.exists, store.subject(key))
      case .skip: return WriteResult(head: now, isWritten: false)
      case .replace, .update: continue
      }
    }
    throw StorageError(.unreachable, store.subject(key), cause: "other writers keep changing it")
  }

  private func conditions(_ there: ObjectHead?) -> [AzureCall.Header] {
    if let etag = options.ifMatch { return [("If-Match", "\"\(etag)\"")] }
    switch options.ifExists {
    case .replace: return []
    case .fail, .skip: return [("If-None-Match", "*")]
    case .update: return there.map { [("If-Match", "\"\($0.etag)\"")] } ?? [("If-None-Match", "*")]
    }
  }

  /// The object that stays, if the options say so.
  private func kept(_ there: ObjectHead?, size: UInt64, sha256: String?) throws(StorageError) -> ObjectHead? {
    if let etag = options.ifMatch, etag != there?.etag {
      throw StorageError(.changed(expected: etag, found: there?.etag), store.subject(key))
    }
    guard let there else { return nil }
    switch options.ifExists {
    case .replace: return nil
    case .fail: throw StorageError(.exists, store.subject(key))
    case .skip: return there
    case .update:
      guard there.size == size, let sha256 else { return nil }
      let (head, known) = try store.checksum(of: key, cancel: cancel)
      return known == sha256 && head.etag == there.etag ? head.with(sha256: known) : nil
    }
  }

  /// What a refusal comes to: a condition that is not met because an earlier try of ours was carried out is no refusal.
  func refused(_ refusal: AzureRefusal, _ call: AzureCall, isRepeated: Bool) throws(StorageError) -> Outcome {
    guard refusal.isCondition else { throw store.client.error(refusal, call) }
    guard isRepeated else { return .refused }
    do throws(StorageError) {
      let look = try store.look(key, cancel: cancel)
      return look.mark == mark && look.isWhole ? .placed(look.head) : .refused
    } catch {
      guard error.code == .noObject else { throw error }
      return .refused
    }
  }
}
