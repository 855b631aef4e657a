internal import Synchronization

/// One copy that the service carries out itself; the object appears whole.
///
/// Up to 256 MiB by Copy Blob From URL, more by Put Block From URL and a Put Block List. Services that know neither, such as
/// Azure Stack, copy after they have answered: then we look until it is done, and abort it when nobody wants it any more.
struct AzureCopy {
  struct Origin {
    let store: AzureStore
    let key: ObjectKey
    /// With what entitles to read it.
    let url: String
    let head: ObjectHead
  }

  /// What Copy Blob From URL takes.
  static let largestWhole: UInt64 = 256 << 20
  private static let lanes = 4
  /// A copy that does not get on for so long is given up.
  private static let patience: Duration = .seconds(300)

  private let store: AzureStore
  private let key: ObjectKey
  private let origin: Origin
  private let options: WriteOptions
  private let cancel: Cancellation
  private let mark = AzureWriter.freshMark()

  init(_ store: AzureStore, _ key: ObjectKey, from origin: Origin, _ options: WriteOptions, _ cancel: Cancellation) {
    self.store = store
    self.key = key
    self.origin = origin
    self.options = options
    self.cancel = cancel
  }

  /// Nil: the service cannot fetch it from there.
  func run() throws(StorageError) -> WriteResult? {
    let placement = AzurePlacement(store, key, options, mark: mark, cancel: cancel)
    var isPossible = true
    let result = try placement.place(size: origin.head.size, sha256: origin.head.sha256) { conditions throws(StorageError) in
      let outcome = try isWhole ? whole(conditions, placement) : blocks(conditions, placement)
      if let outcome { return outcome }
      isPossible = false  // and the answer does not count
      return .placed(origin.head)
    }
    return isPossible ? result : nil
  }

  /// Copy Blob From URL keeps the source's media type.
  private var isWhole: Bool {
    origin.head.size <= Self.largestWhole && (options.type == nil || options.type == origin.head.type)
  }

  private func call(_ query: [(name: String, value: String)] = []) -> AzureCall {
    var call = AzureCall("PUT", store.address.name(key), subject: store.subject(key))
    call.query = query
    return call
  }

  private var sourceHeaders: [AzureCall.Header] {
    [("x-ms-copy-source", origin.url), ("x-ms-source-if-match", "\"\(origin.head.etag)\"")]
  }

  private var metadata: [AzureCall.Header] {
    let sum = origin.head.sha256.map { [("x-ms-meta-" + AzureStore.checksumName, $0)] } ?? []
    return sum + [("x-ms-meta-" + AzureStore.markName, mark)]
  }

  private func whole(
    _ conditions: [AzureCall.Header], _ placement: AzurePlacement
  ) throws(StorageError) -> AzurePlacement.Outcome? {
    var call = call()
    call.headers = sourceHeaders + [("x-ms-requires-sync", "true")] + metadata + conditions
    let (result, isRepeated) = try store.client.attempt(call, cancel: cancel)
    switch result {
    case .success: return .placed(try finished())
    case .failure(let refusal): return try refused(refusal, call, placement, isRepeated: isRepeated)
    }
  }

  /// Nil: the service cannot fetch it from there.
  private func refused(
    _ refusal: AzureRefusal, _ call: AzureCall, _ placement: AzurePlacement, isRepeated: Bool
  ) throws(StorageError) -> AzurePlacement.Outcome? {
    if refusal.isUnreachableSource { return nil }
    if refusal.code == "SourceConditionNotMet" {
      let found = try origin.store.present(origin.key, cancel: cancel)?.etag
      throw StorageError(.changed(expected: origin.head.etag, found: found), origin.store.subject(origin.key))
    }
    return try placement.refused(refusal, call, isRepeated: isRepeated)
  }

  private func blocks(
    _ conditions: [AzureCall.Header], _ placement: AzurePlacement
  ) throws(StorageError) -> AzurePlacement.Outcome? {
    let size = origin.head.size
    // a blob has 50,000 blocks at most
    let blockBytes = max(store.client.session.copyBlockBytes, (size / 50_000 + 1))
    let count = Int((size + blockBytes - 1) / blockBytes)
    let ids = (0..<count).map { AzureWriter.blockID(mark, $0) }
    let outcomes = Mutex<[Result<AzurePlacement.Outcome?, StorageError>]>([])
    Lanes.forEach(count, lanes: Self.lanes) { index in
      guard outcomes.withLock({ $0.isEmpty }) else { return }
      let from = UInt64(index) * blockBytes
      do throws(StorageError) {
        let failed = try block(ids[index], from: from, to: min(size, from + blockBytes) - 1, placement)
        if let failed { outcomes.withLock { $0.append(.success(failed.outcome)) } }
      } catch { outcomes.withLock { $0.append(.failure(error)) } }
    }
    if let first = outcomes.withLock({ $0.first }) { return try first.get() }
    var call = AzureWriter.blockList(ids, call([("comp", "blocklist")]))
    call.headers += metadata + conditions
    call.headers.append(("x-ms-blob-content-type", options.type ?? origin.head.type ?? "application/octet-stream"))
    let (result, isRepeated) = try store.client.attempt(call, cancel: cancel)
    switch result {
    case .success: return .placed(try finished())
    case .failure(let refusal): return try placement.refused(refusal, call, isRepeated: isRepeated)
    }
  }

  /// Nil: the block is there.
  private func block(
    _ id: String, from: UInt64, to last: UInt64, _ placement: AzurePlacement
  ) throws(StorageError) -> (outcome: AzurePlacement.Outcome?, Void)? {
    var call = call([("comp", "block"), ("blockid", id)])
    call.headers = sourceHeaders + [("x-ms-source-range", "bytes=\(from)-\(last)")]
    switch try store.client.attempt(call, cancel: cancel).result {
    case .success: return nil
    case .failure(let refusal): return (try refused(refusal, call, placement, isRepeated: false), ())
    }
  }

  /// The copy once it is whole, which it is at once but where the service says `pending`.
  private func finished() throws(StorageError) -> ObjectHead {
    var progress: String?
    var since = ContinuousClock.now
    var pause = Duration.milliseconds(20)
    while true {
      let look = try store.look(key)
      guard look.mark == mark else { return look.head }  // another writer was quick, and ours was whole before
      guard look.isPending else { return try checked(look) }
      if progress != look.progress { (progress, since) = (look.progress, .now) }
      do throws(StorageError) {
        if ContinuousClock.now - since > Self.patience {
          throw StorageError(.unreachable, store.subject(key), cause: "the store's copy does not get on")
        }
        try AzureClient.wait(pause, store.subject(key), cancel)
      } catch {
        abort(look)
        throw error
      }
      pause = min(pause * 2, .seconds(5))
    }
  }

  private func checked(_ look: AzureLook) throws(StorageError) -> ObjectHead {
    guard look.isWhole else {
      store.retract(key, etag: look.head.etag)
      throw StorageError(.failed, store.subject(key), cause: "the store could not copy it from \(origin.store.subject(origin.key))")
    }
    guard look.head.size == origin.head.size else {
      store.retract(key, etag: look.head.etag)
      throw StorageError(.incomplete(expected: origin.head.size, found: look.head.size), store.subject(key))
    }
    return look.head
  }

  /// Ends a pending copy, and removes the empty blob that it leaves.
  private func abort(_ look: AzureLook) {
    var call = call([("comp", "copy"), ("copyid", look.copyID ?? "")])
    call.headers = [("x-ms-copy-action", "abort")]
    // the error that made us abort is the one to be told, whatever goes wrong here
    _ = try? store.client.attempt(call, cancel: .never)
    // nor is there anything to retract when it cannot be seen
    if let left = try? store.look(key), left.mark == mark { store.retract(key, etag: left.head.etag) }
  }
}
