/// Reads one version of a blob; goes on where it was when the connection breaks.
final class AzureReader: ObjectReadStream, @unchecked Sendable {  // a stream is used by one thread at a time
  let head: ObjectHead
  private let store: AzureStore
  private let key: ObjectKey
  private let cancel: Cancellation
  private var exchange: HTTPExchange?
  private var next: UInt64
  private let end: UInt64
  /// Of the whole blob, where the service knows it and all of it is read.
  private let expected: String?
  private let sum: RunningDigest?
  private var failures = 0
  /// Breaks without a byte between them.
  private static let most = 5

  init(_ store: AzureStore, _ key: ObjectKey, range: ByteRange, etag: String?, cancel: Cancellation) throws(StorageError) {
    (self.store, self.key, self.cancel) = (store, key, cancel)
    guard range.size != 0, let reply = try Self.open(store, key, from: range.from, to: range.size, etag: etag, cancel) else {
      // nothing of it is wanted, or it ends before
      guard let found = try store.present(key, cancel: cancel) else { throw StorageError(.noObject, store.subject(key)) }
      if let etag, etag != found.etag { throw StorageError(.changed(expected: etag, found: found.etag), store.subject(key)) }
      head = found
      (next, end) = (0, 0)
      (exchange, expected, sum) = (nil, nil, nil)
      return
    }
    let total = try Self.total(reply.head, from: range.from, subject: store.subject(key))
    let look = try AzureLook(reply.head, size: total, subject: store.subject(key))
    guard look.isWhole else { throw StorageError(.noObject, store.subject(key)) }
    let wanted = range.within(total)
    if let length = reply.head.contentLength, length != UInt64(wanted.count) {
      throw StorageError(.incomplete(expected: UInt64(wanted.count), found: length), store.subject(key))
    }
    head = look.head
    (next, end) = (wanted.lowerBound, wanted.upperBound)
    exchange = reply.exchange
    expected = wanted.count == total ? reply.head["content-md5"] : nil
    sum = expected == nil ? nil : RunningDigest(.md5)
  }

  /// Nil: the blob has no byte at `from`.
  private static func open(
    _ store: AzureStore, _ key: ObjectKey, from: UInt64, to size: UInt64?, etag: String?, _ cancel: Cancellation
  ) throws(StorageError) -> AzureReply? {
    var call = AzureCall("GET", store.address.name(key), subject: store.subject(key))
    call.isStreamed = true
    if from > 0 || size != nil {
      let last = size.map { from.addingReportingOverflow($0 - 1) }.map { $0.overflow ? "" : String($0.partialValue) } ?? ""
      call.headers.append(("x-ms-range", "bytes=\(from)-\(last)"))
    }
    if let etag { call.headers.append(("If-Match", "\"\(etag)\"")) }
    switch try store.client.attempt(call, cancel: cancel).result {
    case .success(let reply): return reply
    case .failure(let refusal):
      if refusal.status == 416 { return nil }
      guard refusal.isCondition, let etag else { throw store.client.error(refusal, call) }
      throw StorageError(.changed(expected: etag, found: try store.present(key, cancel: cancel)?.etag), store.subject(key))
    }
  }

  /// The size of the whole blob, as the answer to a request for its bytes from `from` on tells it.
  private static func total(_ head: HTTPHead, from: UInt64, subject: String) throws(StorageError) -> UInt64 {
    if head.status == 200, from == 0, let size = head.contentLength { return size }
    let parts = (head["content-range"] ?? "").split { " -/".contains($0) }
    guard head.status == 206, parts.count == 4, UInt64(parts[1]) == from, let total = UInt64(parts[3]) else {
      throw StorageError(.failed, subject, cause: "the store answered with another range than asked for")
    }
    return total
  }

  func pull(into buffer: UnsafeMutableRawBufferPointer) throws(StorageError) -> Int {
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Int(clamping: end - next)))
    guard !room.isEmpty else { return 0 }
    while true {
      try cancel.check(store.subject(key))
      let count = try pullOnce(into: room)
      guard count > 0 else { continue }
      failures = 0
      next += UInt64(count)
      sum?.update(UnsafeRawBufferPointer(rebasing: room[..<count]))
      if next == end { try finish() }
      return count
    }
  }

  /// 0: the connection broke, and may be replaced at the next call.
  private func pullOnce(into room: UnsafeMutableRawBufferPointer) throws(StorageError) -> Int {
    guard let exchange else {
      let again = try Self.open(store, key, from: next, to: end - next, etag: head.etag, cancel)
      guard let again, try Self.total(again.head, from: next, subject: store.subject(key)) == head.size else {
        throw StorageError(.failed, store.subject(key), cause: "the object became shorter while it was read")
      }
      self.exchange = again.exchange
      return 0
    }
    let failure: HTTPError
    do throws(HTTPError) {
      let count = try exchange.pull(into: room)
      if count > 0 { return count }
      failure = HTTPError(.cut, store.subject(key), cause: "it ended early")
    } catch { failure = error }
    self.exchange = nil
    failures += 1
    guard failure.mayPass, failures <= Self.most else { throw AzureClient.error(failure, store.subject(key)) }
    try AzureClient.wait(.milliseconds(50 << failures), store.subject(key), cancel)
    return 0
  }

  private func finish() throws(StorageError) {
    exchange = nil
    guard let sum, let expected else { return }
    let found = Base64.text(sum.finish())
    guard found != expected else { return }
    throw StorageError(.failed, store.subject(key), cause: "the bytes have the MD5 \(found), the store said \(expected)")
  }
}
