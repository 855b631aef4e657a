/// Reads one version of an object; a connection that breaks is followed by another from the byte that was due.
final class S3Reader: ObjectReadStream, @unchecked Sendable {  // a stream is used by one thread at a time
  let head: ObjectHead
  private let store: S3Store
  private let key: ObjectKey
  private let cancel: Cancellation
  /// What is still to come.
  private var rest: Range<UInt64>
  private var exchange: HTTPExchange?
  /// Bytes that a server sends although they were not asked for.
  private var unwanted: UInt64 = 0
  private var failures = 0

  init(_ store: S3Store, _ key: ObjectKey, _ range: ByteRange, etag: String?, _ cancel: Cancellation) throws(StorageError) {
    self.store = store
    self.key = key
    self.cancel = cancel
    let opened = range.size == 0 ? nil : try Self.open(store, key, range, etag, cancel)
    if let opened {
      exchange = opened.exchange
      head = opened.head
      unwanted = opened.unwanted
      rest = range.within(head.size)
    } else {
      // nothing of it is wanted, or there is nothing where it begins
      head = try store.stat(key)
      rest = head.size..<head.size
    }
    if let etag, etag != head.etag { throw StorageError(.changed(expected: etag, found: head.etag), store.subject(key)) }
  }

  private static func open(
    _ store: S3Store, _ key: ObjectKey, _ range: ByteRange, _ etag: String?, _ cancel: Cancellation
  ) throws(StorageError) -> (exchange: HTTPExchange, head: ObjectHead, unwanted: UInt64)? {
    var request = S3Request("GET", key)
    request.accepted = [404, 412, 416]
    let isPart = range != .all
    if isPart {
      let last = range.size.map { range.from.addingReportingOverflow($0 - 1) }
      request.headers.append(("Range", "bytes=\(range.from)-" + (last.map { $0.overflow ? "" : String($0.partialValue) } ?? "")))
    }
    if let etag { request.headers.append(("If-Match", "\"\(etag)\"")) }
    let exchange = try store.call(cancel).open(request)
    switch exchange.head.status {
    case 404:
      _ = try store.stat(key)
      throw StorageError(.noObject, store.subject(key))
    case 412: throw try store.changed(key, expected: etag ?? "", cancel)
    case 416: return nil
    default: break
    }
    let total = exchange.head["content-range"].flatMap { $0.split(separator: "/").last }.flatMap { UInt64($0) }
    guard let size = total ?? exchange.head.contentLength else {
      throw StorageError(.failed, store.subject(key), cause: "the store does not say how large it is")
    }
    // a server that knows no ranges sends it from the start
    return (exchange, S3Head.head(exchange.head, size: size), isPart && total == nil ? min(range.from, size) : 0)
  }

  func pull(into buffer: UnsafeMutableRawBufferPointer) throws(StorageError) -> Int {
    while true {
      if cancel.isCancelled { throw StorageError(.cancelled, store.subject(key)) }
      guard !rest.isEmpty, !buffer.isEmpty else {
        // to its end, so that the connection serves again
        if rest.isEmpty { drain() }
        return 0
      }
      let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, rest.count)])
      do throws(HTTPError) {
        guard let got = try take(piece) else { continue }
        failures = 0
        rest = (rest.lowerBound + UInt64(got))..<rest.upperBound
        return got
      } catch { try reopen(after: error) }
    }
  }

  /// Nil: they were bytes that nobody asked for.
  private func take(_ piece: UnsafeMutableRawBufferPointer) throws(HTTPError) -> Int? {
    guard let exchange else { throw HTTPError(.cut, store.subject(key)) }
    if unwanted > 0 {
      let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(min(unwanted, 1 << 20)), alignment: 1)
      defer { scratch.deallocate() }
      let got = try exchange.pull(into: scratch)
      guard got > 0 else { throw HTTPError(.cut, store.subject(key)) }
      unwanted -= UInt64(got)
      return nil
    }
    let got = try exchange.pull(into: piece)
    // fewer bytes than promised are libcurl's error, but an answer without a length ends anywhere
    guard got > 0 else { throw HTTPError(.cut, store.subject(key), cause: "the object ended \(rest.count) bytes before its size") }
    return got
  }

  private func reopen(after error: HTTPError) throws(StorageError) {
    exchange = nil
    failures += 1
    let wait = error.mayPass ? store.session.retry.wait(after: failures, chance: .random(in: 0...1)) : nil
    guard let wait, store.session.pause(wait, cancel) else { throw S3Call.error(error, store.subject(key)) }
    let range = ByteRange(from: rest.lowerBound, size: UInt64(rest.count))
    guard let opened = try Self.open(store, key, range, head.etag, cancel), opened.head.etag == head.etag, opened.head.size == head.size
    else { throw try store.changed(key, expected: head.etag, cancel) }
    exchange = opened.exchange
    unwanted = opened.unwanted
  }

  private func drain() {
    guard let exchange else { return }
    self.exchange = nil
    var last: UInt8 = 0
    withUnsafeMutableBytes(of: &last) { _ = try? exchange.pull(into: $0) }  // all bytes are there; at worst a connection is lost
  }
}
