extension S3Store {
  /// Up to here the store's ETag is compared with an MD5 of our own; above, a HEAD that tells the size costs less.
  static let mostHashed = 1 << 20

  static func freshWriter() -> String { Hex.text((0..<8).map { _ in UInt8.random(in: .min ... .max) }) }

  static func metadata(type: String?, sha256: String?, writer: String?) -> [(name: String, value: String)] {
    var headers: [(name: String, value: String)] = []
    if let type { headers.append(("Content-Type", type)) }
    if let sha256 { headers.append((S3Head.sha256, sha256)) }
    if let writer { headers.append((S3Head.writer, writer)) }
    return headers
  }

  /// Writes an object in one request, and proves that the store has it.
  func put(
    _ key: ObjectKey, _ body: HTTPBody, size: UInt64, sha256: String, md5: String?, type: String?,
    _ condition: [(name: String, value: String)], _ cancel: Cancellation
  ) throws(StorageError) -> S3Placement.Answer {
    let writer = condition.isEmpty && md5 != nil ? nil : Self.freshWriter()
    var request = S3Request("PUT", key)
    request.headers = Self.metadata(type: type, sha256: sha256, writer: writer) + condition
    request.body = body
    request.payload = sha256
    if !condition.isEmpty { request.accepted = [412, 501] }
    let answer = try call(cancel).send(request).head
    switch answer.status {
    case 412:
      // the answer to an earlier try may have been lost (libcurl tries once more by itself), and what is in the way be ours
      guard let head = try headers(key, cancel), head[S3Head.writer] == writer else { return .notMet }
      return .written(S3Head.head(head))
    case 501: return .unknown
    default: break
    }
    let head = S3Head.head(answer, size: size)
    let made = ObjectHead(size: size, etag: head.etag, modified: head.modified, sha256: sha256, type: type)
    if let md5, md5 == head.etag { return .written(made) }
    guard let found = try headers(key, cancel) else { throw StorageError(.incomplete(expected: size, found: 0), subject(key)) }
    // somebody else may have written since: then there is nothing of ours to look at
    let isOurs = S3Head.etag(found["etag"] ?? "") == head.etag || writer != nil && found[S3Head.writer] == writer
    guard isOurs else { return .written(made) }
    let standing = S3Head.head(found)
    try verify(key, found: standing.size, expected: size)
    return .written(standing)
  }

  /// For an object that is ours for certain.
  /// - Throws: `.incomplete`, and then the object is removed: nobody must take it for what it is not.
  func verify(_ key: ObjectKey, found: UInt64, expected: UInt64) throws(StorageError) {
    guard found != expected else { return }
    try remove(key)
    throw StorageError(.incomplete(expected: expected, found: found), subject(key))
  }

  /// All headers of a HEAD; nil when there is no such object.
  func headers(_ key: ObjectKey, _ cancel: Cancellation) throws(StorageError) -> HTTPHead? {
    var request = S3Request("HEAD", key)
    request.accepted = [404]
    let head = try call(cancel).send(request).head
    return head.isSuccess ? head : nil
  }
}
