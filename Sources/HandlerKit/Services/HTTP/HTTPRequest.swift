/// What to ask of a server.
public struct HTTPRequest: Sendable {
  public var url: String
  public var method: String
  public var headers: KeyValuePairs<String, String>
  /// The name of a credential that the host adds; its secret never comes here.
  public var auth: String?
  /// Of the whole call, with its repeats and redirects; nil: until the task's deadline.
  public var timeout: Duration?
  /// The most that is taken of an answer.
  public var maxBytes: Int?
  public var body: [UInt8]

  public init(
    _ url: String, method: String = "GET", headers: KeyValuePairs<String, String> = [:], auth: String? = nil,
    timeout: Duration? = nil, maxBytes: Int? = nil, body: [UInt8] = []
  ) {
    self.url = url
    self.method = method
    self.headers = headers
    self.auth = auth
    self.timeout = timeout
    self.maxBytes = maxBytes
    self.body = body
  }

  var json: JSONText {
    let fields = headers.map { (key: $0.key, value: JSONText($0.value)) }
    return .object([
      "url": JSONText(url), "method": JSONText(method),
      "headers": headers.isEmpty ? nil : JSONText.object([:]).adding(fields), "auth": auth.map { JSONText($0) },
      "timeout_ms": timeout.map { JSONText($0.milliseconds) }, "max_bytes": maxBytes.map { JSONText($0) },
    ])
  }
}
