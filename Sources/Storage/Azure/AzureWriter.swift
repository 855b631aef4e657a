/// Gathers bytes and sends them as blocks; what fits into one goes as a whole blob at commit.
final class AzureWriter: ObjectWriteStream, @unchecked Sendable {  // a stream is used by one thread at a time
  /// The first blocks; a blob has 50,000 at most, so later ones are larger.
  static let blockBytes = 8 << 20
  private static let blocksOfOneSize = 2000

  private let store: AzureStore
  private let key: ObjectKey
  private let options: WriteOptions
  private let isVerified: Bool
  private let cancel: Cancellation
  private let digest = RunningDigest(.sha256)
  private let mark = AzureWriter.freshMark()
  private var waiting: [UInt8] = []
  private var blocks: [String] = []
  private var size: UInt64 = 0
  private var isOver = false

  init(_ store: AzureStore, _ key: ObjectKey, _ options: WriteOptions, isVerified: Bool, cancel: Cancellation) {
    self.store = store
    self.key = key
    self.options = options
    self.isVerified = isVerified
    self.cancel = cancel
  }

  /// 32 hex digits.
  static func freshMark() -> String { Hex.text((0..<16).map { _ in UInt8.random(in: 0...255) }) }

  func push(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
    guard !isOver else { throw StorageError(.failed, store.subject(key), cause: "the stream is over") }
    try cancel.check(store.subject(key))
    digest.update(bytes)
    size += UInt64(bytes.count)
    var rest = bytes
    while !rest.isEmpty {
      let limit = Self.blockBytes << (blocks.count / Self.blocksOfOneSize)
      if waiting.count == limit { try putBlock() }
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(limit - waiting.count))
      waiting.append(contentsOf: piece)
      rest = UnsafeRawBufferPointer(rebasing: rest[piece.count...])
    }
  }

  /// Blocks that no list names are gone after a week, or with the next write of that key.
  func abort() {
    isOver = true
    waiting = []
  }

  private func putBlock() throws(StorageError) {
    let id = Self.blockID(mark, blocks.count)
    var call = AzureCall("PUT", store.address.name(key), subject: store.subject(key))
    call.query = [("comp", "block"), ("blockid", id)]
    let sum = call.carry(waiting)
    let reply = try store.client.send(call, cancel: cancel)
    try check(reply.head, sum)
    blocks.append(id)
    waiting.removeAll(keepingCapacity: true)
  }

  /// The service answers with the checksum of what it holds.
  private func check(_ head: HTTPHead, _ sum: String, placed etag: String? = nil) throws(StorageError) {
    guard let found = head["content-md5"], found != sum else { return }
    if let etag { store.retract(key, etag: etag) }
    throw StorageError(.failed, store.subject(key), cause: "the store holds bytes with the MD5 \(found), given were some with \(sum)")
  }

  func commit() throws(StorageError) -> WriteResult {
    guard !isOver else { throw StorageError(.failed, store.subject(key), cause: "the stream is over") }
    isOver = true
    let sha256 = digest.finishText()
    if let expected = options.sha256?.lowercased(), expected != sha256 {
      throw StorageError(.damaged(expected: expected, found: sha256), store.subject(key))
    }
    if !blocks.isEmpty { try putBlock() }
    let placement = AzurePlacement(store, key, options, mark: mark, cancel: cancel)
    return try placement.place(size: size, sha256: sha256) { conditions throws(StorageError) in
      var call = blocks.isEmpty ? wholeBlob() : blockList()
      call.headers += conditions + metadata(sha256)
      return try put(call, placement, sha256)
    }
  }

  private func wholeBlob() -> AzureCall {
    var call = AzureCall("PUT", store.address.name(key), subject: store.subject(key))
    call.headers = [("x-ms-blob-type", "BlockBlob")]
    _ = call.carry(waiting)
    return call
  }

  private func blockList() -> AzureCall {
    var call = AzureCall("PUT", store.address.name(key), subject: store.subject(key))
    call.query = [("comp", "blocklist")]
    return Self.blockList(blocks, call)
  }

  /// All ids of a blob must be equally long, and no other writer's.
  static func blockID(_ mark: String, _ index: Int) -> String {
    let digits = String(index)
    return Base64.text(Array((mark + String(repeating: "0", count: 6 - digits.utf8.count) + digits).utf8))
  }

  static func blockList(_ ids: [String], _ call: AzureCall) -> AzureCall {
    var call = call
    // "Latest", not "Uncommitted": of a list whose answer was lost they are committed by now
    let list = ids.map { "<Latest>\($0)</Latest>" }.joined()
    _ = call.carry(Array("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>\(list)</BlockList>".utf8))
    return call
  }

  private func metadata(_ sha256: String) -> [AzureCall.Header] {
    [
      ("x-ms-blob-content-type", options.type ?? "application/octet-stream"), ("x-ms-meta-" + AzureStore.checksumName, sha256),
      ("x-ms-meta-" + AzureStore.markName, mark),
    ]
  }

  private func put(_ call: AzureCall, _ placement: AzurePlacement, _ sha256: String) throws(StorageError) -> AzurePlacement.Outcome {
    let (result, isRepeated) = try store.client.attempt(call, cancel: cancel)
    switch result {
    case .success(let reply):
      let placed = try AzureLook(reply.head, size: size, subject: store.subject(key)).head
      // that it holds a whole blob as it was sent the service says by the MD5; of a list of blocks the size is left to see
      let sum = blocks.isEmpty ? call.headers.first { $0.name == "Content-MD5" }?.value : nil
      if let sum { try check(reply.head, sum, placed: placed.etag) }
      let isProven = sum != nil && reply.head["content-md5"] == sum
      let head = ObjectHead(size: size, etag: placed.etag, modified: placed.modified, sha256: sha256, type: options.type)
      return .placed(isVerified && !isProven ? try verified(head) : head)
    case .failure(let refusal):
      if refusal.code == "InvalidBlockList" {
        throw StorageError(.unreachable, store.subject(key), cause: "another writer of it was quicker: its blocks are gone")
      }
      return try placement.refused(refusal, call, isRepeated: isRepeated)
    }
  }

  /// What the store says that it holds under the key, if that is still what we wrote.
  private func verified(_ head: ObjectHead) throws(StorageError) -> ObjectHead {
    guard let found = try store.present(key, cancel: cancel), found.etag == head.etag else { return head }
    guard found.size == size else {
      store.retract(key, etag: found.etag)
      throw StorageError(.incomplete(expected: size, found: found.size), store.subject(key))
    }
    return found
  }

  deinit { abort() }
}
