internal import Synchronization

/// A multipart upload under way. Parts may be sent by many threads at once; it is aborted unless completed.
final class S3Upload: Sendable {
  /// The least a part but the last may have.
  static let leastPart: UInt64 = 5 << 20
  static let mostParts = 10_000

  private let store: S3Store
  private let key: ObjectKey
  private let id: String
  private let writer: String
  private let call: S3Call
  private let state = Mutex(State())

  private struct State {
    /// ETags by part number.
    var parts: [Int: String] = [:]
    var isOver = false
  }

  /// `sha256`: what the whole will hash to, where that is known by now.
  init(_ store: S3Store, _ key: ObjectKey, type: String?, sha256: String?, _ cancel: Cancellation) throws(StorageError) {
    self.store = store
    self.key = key
    call = store.call(cancel)
    writer = S3Store.freshWriter()
    var request = S3Request("POST", key)
    request.query = [("uploads", "")]
    request.headers = S3Store.metadata(type: type, sha256: sha256, writer: writer)
    let answer = try call.send(request)
    guard let id = XMLElement(parsing: answer.body)?.text("UploadId"), !id.isEmpty else {
      throw StorageError(.failed, store.subject(key), cause: "the store gives the upload no id")
    }
    self.id = id
  }

  deinit { abort() }

  /// Sends one part, from 1 on.
  func send(part number: Int, _ body: HTTPBody, payload: String) throws(StorageError) {
    var request = S3Request("PUT", key)
    request.query = [("partNumber", String(number)), ("uploadId", id)]
    request.body = body
    request.payload = payload
    let head = try call.send(request).head
    try note(part: number, head["etag"])
  }

  /// Has the store copy a part of another object; false: it says that it did, and does not say what came of it.
  func copy(part number: Int, from source: String, etag: String, bytes range: Range<UInt64>) throws(StorageError) -> Bool {
    var request = S3Request("PUT", key)
    request.query = [("partNumber", String(number)), ("uploadId", id)]
    request.headers = [
      ("x-amz-copy-source", source), ("x-amz-copy-source-if-match", "\"\(etag)\""),
      ("x-amz-copy-source-range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)"),
    ]
    request.accepted = [412]
    let (head, body) = try call.send(request)
    guard head.isSuccess else { throw StorageError(.changed(expected: etag, found: nil), source) }
    guard let found = XMLElement(parsing: body)?.text("ETag"), !found.isEmpty else { return false }
    try note(part: number, found)
    return true
  }

  private func note(part number: Int, _ etag: String?) throws(StorageError) {
    guard let etag, !etag.isEmpty else { throw StorageError(.failed, store.subject(key), cause: "part \(number) was not stored") }
    state.withLock { $0.parts[number] = etag }
  }

  /// Makes the object appear, of exactly `size` bytes.
  func complete(size: UInt64, _ condition: [(name: String, value: String)]) throws(StorageError) -> S3Placement.Answer {
    let parts = state.withLock { $0.parts.sorted { $0.key < $1.key } }
    let list = parts.map { "<Part><PartNumber>\($0.key)</PartNumber><ETag>\(XMLElement.escaped($0.value))</ETag></Part>" }
    let xml = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(list.joined())</CompleteMultipartUpload>"
    var request = S3Request("POST", key, query: [("uploadId", id)], xml: xml)
    request.headers += condition
    request.accepted = [404, 412, 501]
    let (answer, body) = try call.send(request)
    switch answer.status {
    case 412 where !condition.isEmpty: return .notMet
    case 501 where !condition.isEmpty: return .unknown
    case 404: break  // the answer to an earlier try may have been lost: the object will tell
    case let status where !(200..<300).contains(status): throw S3Refusal(answer, body).error(store.subject(key), container: store.name.text)
    default: break
    }
    state.withLock { $0.isOver = true }
    let head = try store.headers(key, call.cancel)
    if let head, head[S3Head.writer] == writer {
      let found = S3Head.head(head)
      try store.verify(key, found: found.size, expected: size)
      return .written(found)
    }
    // somebody else has written or removed it since
    guard answer.isSuccess else { throw StorageError(.unreachable, store.subject(key), cause: "the upload is gone") }
    let etag = S3Head.etag(XMLElement(parsing: body)?.text("ETag") ?? "")
    return .written(ObjectHead(size: size, etag: etag, modified: call.session.date))
  }

  /// Gives back what was sent. What cannot be given back stays until the bucket's lifecycle rule removes it.
  func abort() {
    guard
      !state.withLock({ state in
        defer { state.isOver = true }
        return state.isOver
      })
    else { return }
    var request = S3Request("DELETE", key)
    request.query = [("uploadId", id)]
    request.accepted = [404]
    var call = call
    call.cancel = .never
    _ = try? call.send(request)  // there is nobody to tell, and what comes of the write is known already
  }
}
