/// One request to Azure Blob, before it is dated and signed.
struct AzureCall: Sendable {
  typealias Header = (name: String, value: String)

  var method: String
  /// A blob's name; nil: the container.
  var blob: String?
  var query: [(name: String, value: String)] = []
  var headers: [Header] = []
  var body: [UInt8] = []
  /// Container, or container and key, for errors.
  let subject: String
  /// The answer's body is read piece by piece.
  var isStreamed = false

  init(_ method: String, _ blob: String? = nil, subject: String) {
    self.method = method
    self.blob = blob
    self.subject = subject
  }

  /// The service refuses the body unless it arrives as it was sent.
  mutating func carry(_ body: [UInt8]) -> String {
    self.body = body
    let sum = RunningDigest(.md5)
    body.withUnsafeBytes { sum.update($0) }
    let text = Base64.text(sum.finish())
    headers.append(("Content-MD5", text))
    return text
  }
}
