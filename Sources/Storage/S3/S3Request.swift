/// One request to a bucket or an object, before it is signed.
struct S3Request: Sendable {
  var method: String
  /// Nil: the bucket.
  var key: ObjectKey?
  var query: [(name: String, value: String)] = []
  var headers: [(name: String, value: String)] = []
  var body: HTTPBody = .none
  /// The hash of the body in hex.
  var payload = S3Signature.emptyPayload
  /// Statuses besides 2xx that the caller deals with.
  var accepted: Set<Int> = []

  init(_ method: String, _ key: ObjectKey? = nil) {
    self.method = method
    self.key = key
  }

  /// A request with a document as its body.
  init(_ method: String, _ key: ObjectKey? = nil, query: [(name: String, value: String)], xml: String) {
    self.init(method, key)
    let bytes = Array(xml.utf8)
    self.query = query
    headers = [("Content-Type", "application/xml")]
    body = .bytes(bytes)
    payload = bytes.withUnsafeBytes { RunningDigest.text(.sha256, of: $0) }
  }
}
