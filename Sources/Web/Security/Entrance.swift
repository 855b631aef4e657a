import Engine
import HTTPTypes
import Logging

/// Decides whether a request comes in, and as whom.
///
/// Where nobody needs a token every program of this machine may do everything, and what must be kept out are pages of
/// other sites in this machine's browsers: those that reach us under a name of theirs (DNS rebinding), and those that
/// send us forms. Elsewhere a program sends its token and a page its session's cookie.
struct Entrance: Sendable {
  let keyring: Keyring
  let logger: Logger
  private let wrongTokens = WrongTokens()

  init(keyring: Keyring, logger: Logger) {
    self.keyring = keyring
    self.logger = logger
  }

  /// - Parameters:
  ///   - access: what the request needs; nobody is asked who he is for what is open.
  ///   - address: where it comes from.
  /// - Throws: 401, 403, 429.
  func caller(of request: HTTPRequest, needing access: Access, from address: String) async throws -> Caller {
    try checkOrigin(of: request)
    if access == .open { return .unknown }
    if try await keyring.isOpen() {
      try checkHost(request.authority)
      return .local(via: Self.via(request))
    }
    if let given = request.headerFields[.authorization] {
      return Caller(try await identity(header: given, from: address), via: Self.via(request))
    }
    guard let secret = SessionCookie(of: request).value(in: request) else { return .unknown }
    try checkPage(request)
    guard let identity = try await keyring.identity(session: secret) else {
      throw Problem(.unauthorized, "the session has ended", hint: "Log in again at /login.", headers: [.wwwAuthenticate: Self.challenge])
    }
    return Caller(identity, via: .page)
  }

  /// - Throws: 401 when a token is missing, 403 when one does not suffice.
  func check(_ caller: Caller, may access: Access) throws(Problem) {
    if caller.access >= access { return }
    guard let actor = caller.actor else { throw unauthorized("no token was sent", Self.challenge) }
    throw Problem(
      .forbidden, "the role \(actor.role.rawValue) may not do this, it takes the role \(access)",
      hint: "Ask an administrator of this host for a token of that role.")
  }

  /// Whom a token stands for.
  /// - Throws: 401 when it stands for nobody, 429 when too many wrong ones came from the address.
  func identity(token: String, from address: String) async throws -> Identity {
    let hash = SecretText.hash(token)
    guard wrongTokens.mayTry(hash, from: address) else {
      throw Problem(
        .tooManyTries, "too many wrong tokens came from \(address)",
        hint: "Wait \(ProblemKind.tooManyTries.retryAfter ?? 0) s, then send the right one.")
    }
    if let identity = try await keyring.identity(token: token) {
      wrongTokens.welcome(hash, from: address)
      return identity
    }
    let left = wrongTokens.count(from: address)
    logger.warning("Refused a token that opens nothing", metadata: ["address": "\(address)", "tries.left": "\(left)"])
    throw unauthorized(
      "the token is none of this host's, or has expired or was revoked", "\(Self.challenge), error=\"invalid_token\"")
  }

  private func identity(header: String, from address: String) async throws -> Identity {
    guard header.lowercased().hasPrefix("bearer "), header.utf8.count <= Limits.tokenBytes else {
      throw unauthorized("the header Authorization holds no token", "\(Self.challenge), error=\"invalid_token\"")
    }
    return try await identity(token: String(header.dropFirst(7)), from: address)
  }

  static let challenge = "Bearer realm=\"weir\""

  /// The commands say who they are; it is for the audit only.
  private static func via(_ request: HTTPRequest) -> Actor.Via {
    request.headerFields[.userAgent]?.hasPrefix("weir/") == true ? .cli : .api
  }

  private func unauthorized(_ detail: String, _ challenge: String) -> Problem {
    Problem(
      .unauthorized, detail,
      hint:
        "Send the header `Authorization: Bearer TOKEN`; the commands take it from WEIR_TOKEN or WEIR_TOKEN_FILE. Pages log in at /login.",
      headers: [.wwwAuthenticate: challenge])
  }

  private func checkHost(_ authority: String?) throws(Problem) {
    let name = authority.map(Self.host) ?? ""
    guard !Self.isThisMachine(name) else { return }
    throw Problem(
      .foreignHost, "the request names the host \"\(name.prefix(200))\", and without a token only this machine is served",
      hint: "Ask http://127.0.0.1 or http://localhost; or make a token (`weir tokens create`).")
  }

  // Browsers send the page's origin with every request that can change something.
  private func checkOrigin(of request: HTTPRequest) throws(Problem) {
    guard Self.isChange(request), let origin = request.headerFields[.origin] else { return }
    // which no page can write itself, and which holds behind a proxy that names us otherwise
    if Self.site(request) == "same-origin" { return }
    let parts = origin.split(separator: "://", maxSplits: 1)
    guard parts.count != 2 || parts[1].lowercased() != request.authority?.lowercased() else { return }
    throw foreign("the request was sent by a page of \(origin.prefix(200))")
  }

  /// A cookie comes by itself, so a change must say that a page of ours asks for it.
  /// - Throws: 403.
  func checkPage(_ request: HTTPRequest) throws(Problem) {
    guard Self.isChange(request) else { return }
    switch Self.site(request) {
    case "same-origin": return
    case nil where request.headerFields[.origin] != nil: return  // an old browser; the origin was looked at
    case nil: throw foreign("the request has a cookie and does not say which page sent it")
    case let site?: throw foreign("the request was sent by a page of another site (\(site.prefix(50)))")
    }
  }

  private func foreign(_ detail: String) -> Problem {
    Problem(
      .foreignOrigin, detail, hint: "Send it from this host's own pages; a program sends a token, in the header Authorization.")
  }

  private static func site(_ request: HTTPRequest) -> String? {
    HTTPField.Name("Sec-Fetch-Site").flatMap { request.headerFields[$0] }
  }

  private static func isChange(_ request: HTTPRequest) -> Bool { request.method != .get && request.method != .head }

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
