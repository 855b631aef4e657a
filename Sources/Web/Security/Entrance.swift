import Engine
import HTTPTypes

/// Decides whether a request comes in, and as whom.
///
/// With a token, whoever sends it is an admin. Without one every program of this machine is, and what must be kept
/// out are pages of other sites in this machine's browsers: those that reach us under a name of theirs (DNS
/// rebinding), and those that send us forms.
struct Entrance: Sendable {
  let token: String?

  /// - Throws: 401, 403.
  func caller(of request: HTTPRequest) throws(Problem) -> Caller {
    guard let token else {
      try checkHost(request.authority)
      try checkOrigin(of: request)
      return .local(via: Self.via(request))
    }
    try checkOrigin(of: request)
    guard let given = request.headerFields[.authorization] else { return Caller(actor: nil) }
    guard given.lowercased().hasPrefix("bearer "), Secret.isEqual(String(given.dropFirst(7)), token) else {
      throw unauthorized("the token is not the one of this host", "Bearer realm=\"weir\", error=\"invalid_token\"")
    }
    return .configured(via: Self.via(request))
  }

  /// The commands say who they are; it is for the audit only.
  private static func via(_ request: HTTPRequest) -> Actor.Via {
    request.headerFields[.userAgent]?.hasPrefix("weir/") == true ? .cli : .api
  }

  /// - Throws: 401 when a token is missing, 403 when one does not suffice.
  func check(_ caller: Caller, may access: Access) throws(Problem) {
    if caller.access >= access { return }
    guard caller.access > .open else { throw unauthorized("no token was sent", "Bearer realm=\"weir\"") }
    throw Problem(.forbidden, "the token that was sent may not do this", hint: "Ask an administrator of this host.")
  }

  private func unauthorized(_ detail: String, _ challenge: String) -> Problem {
    Problem(
      .unauthorized, detail, hint: "Send the header `Authorization: Bearer TOKEN`; the commands take it from WEIR_TOKEN.",
      headers: [.wwwAuthenticate: challenge])
  }

  private func checkHost(_ authority: String?) throws(Problem) {
    let name = authority.map(Self.host) ?? ""
    guard !Self.isThisMachine(name) else { return }
    throw Problem(
      .foreignHost, "the request names the host \"\(name.prefix(200))\", and without a token only this machine is served",
      hint: "Ask http://127.0.0.1 or http://localhost; or configure a token (WEIR_TOKEN).")
  }

  // Browsers send the page's origin with every request that can change something.
  private func checkOrigin(of request: HTTPRequest) throws(Problem) {
    guard request.method != .get, request.method != .head, let origin = request.headerFields[.origin] else { return }
    let parts = origin.split(separator: "://", maxSplits: 1)
    guard parts.count != 2 || parts[1].lowercased() != request.authority?.lowercased() else { return }
    throw Problem(
      .foreignOrigin, "the request was sent by a page of \(origin.prefix(200))",
      hint: "Send it from this host's own pages, or not from a browser.")
  }

  // Stricter than a prefix: anybody can register 127.0.0.example.
  private static func isThisMachine(_ name: String) -> Bool {
    if name == "localhost" || name == "::1" { return true }
    let numbers = name.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
  }

  /// Without the port, and the brackets of an IPv6 address.
  private static func host(_ authority: String) -> String {
    if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
    return String(authority.prefix { $0 != ":" }).lowercased()
  }
}
