import Runners
import Storage
import Workflow

/// One request of a handler, read, and held against what the operator granted.
struct HTTPCall: Sendable {
  let method: String
  let url: RequestURL
  let headers: [(name: String, value: String)]
  let body: [UInt8]
  let secret: Secret?
  /// Of all tries together.
  let timeout: Duration?
  let maxBytes: UInt64?
  /// Of the trace that the task belongs to; a handler's own header counts more.
  var traceparent: String?
  private let hosts: [NamePattern]

  private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
  /// What the host says itself, or what would let one request pass for two.
  private static let ours: Set<String> = [
    "host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect",
  ]

  /// - Parameter isDownload: ranges are the host's own then.
  init(
    json: String, body: [UInt8], isDownload: Bool, grant: Grants.HTTP, secrets: (String) throws(ServiceFault) -> Secret
  ) throws(ServiceFault) {
    var reader = try CallOptions(json, "request")
    guard let text = try reader.string("url") else { throw ServiceFault(ServiceFault.invalid, "request: \"url\" is missing") }
    method = try reader.string("method") ?? "GET"
    headers = try reader.strings("headers")
    let auth = try reader.string("auth")
    timeout = try reader.count("timeout_ms").map { .milliseconds(min($0, 1 << 40)) }
    maxBytes = try reader.count("max_bytes").map { UInt64($0) }
    try reader.finish(known: "url, method, headers, auth, timeout_ms, max_bytes")
    url = try RequestURL(text)
    hosts = grant.hosts.compactMap { NamePattern($0.text.lowercased()) }
    self.body = body
    guard Self.methods.contains(method) else {
      throw ServiceFault(
        ServiceFault.invalid, "request: the method is \"\(method.prefix(20))\", it can be \(Self.methods.joined(separator: ", "))")
    }
    try Self.check(headers, isDownload: isDownload, hasAuth: auth != nil)
    guard hosts.match(url.hostText) else { throw Self.ungranted(url) }
    secret = try auth.map { name throws(ServiceFault) in
      guard grant.credentials.contains(name) else {
        throw ServiceFault(ServiceFault.denied, "credential \"\(name)\": the plugin's manifest does not grant it to weir.http/1")
      }
      return try secrets(name)
    }
    if let auth, let refusal = secret?.refusal(auth, for: url) { throw refusal }
  }

  func allows(_ url: RequestURL) -> Bool { hosts.match(url.hostText) }

  static func ungranted(_ url: RequestURL) -> ServiceFault {
    ServiceFault(ServiceFault.denied, "\(url.hostText): the plugin's manifest does not grant weir.http/1 for this host")
  }

  /// May it be sent again although a first one may have arrived?
  var isRepeatable: Bool { !["POST", "PATCH"].contains(method) }

  /// As it goes out first.
  func request(adding more: [(name: String, value: String)], deadline: Duration?) -> HTTPRequest {
    var own = secret?.header.map { [$0] } ?? []
    if let traceparent, !headers.contains(where: { $0.name.lowercased() == "traceparent" }) { own.append(("traceparent", traceparent)) }
    return HTTPRequest(
      method, (secret?.added(to: url) ?? url).text, headers: headers + own + more, body: body.isEmpty ? .none : .bytes(body),
      deadline: deadline)
  }

  private static func check(
    _ headers: [(name: String, value: String)], isDownload: Bool, hasAuth: Bool
  ) throws(ServiceFault) {
    for header in headers {
      let name = header.name.lowercased()
      let isToken = !name.isEmpty && name.utf8.allSatisfy(isInToken)
      guard isToken, header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 9 }) else {
        throw ServiceFault(
          ServiceFault.invalid,
          "request: the header \"\(header.name.prefix(40).filter { $0.isLetter || $0 == "-" })\" has a line break or another letter that headers cannot have"
        )
      }
      if ours.contains(name) || name.hasPrefix("proxy-") || isDownload && ["range", "if-range"].contains(name) {
        throw ServiceFault(ServiceFault.invalid, "request: the header \"\(header.name)\" is the host's own")
      }
      if hasAuth, name == "authorization" {
        throw ServiceFault(ServiceFault.invalid, "request: it has a header \"Authorization\" and \"auth\": one of them")
      }
    }
  }

  private static func isInToken(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (48...57).contains(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
  }
}
