import HTTPTypes

/// The cookie that holds a session's secret.
///
/// Scripts cannot read it, and browsers send it with requests of this site's pages only. Behind TLS its name makes them
/// refuse one that another name of the domain, or plain HTTP, has set.
struct SessionCookie: Sendable {
  /// From the login on.
  static let lifetime: Duration = .seconds(12 * 3600)

  private let name: String
  private let attributes: String

  /// - Parameter isSecure: whether the browser's side of the connection is TLS.
  init(isSecure: Bool) {
    name = isSecure ? "__Host-weir_session" : "weir_session"
    attributes = "Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
  }

  /// As the request's proxy says it; we speak no TLS ourselves. Whoever lies here makes a cookie stricter for himself.
  init(of request: HTTPRequest) {
    let proxied = HTTPField.Name("X-Forwarded-Proto").flatMap { request.headerFields[$0] }
    self.init(isSecure: proxied?.split(separator: ",").first?.lowercased() == "https")
  }

  /// What a request holds of it.
  func value(in request: HTTPRequest) -> String? {
    for field in request.headerFields[values: .cookie] {
      for pair in field.split(separator: ";") {
        let sides = pair.split(separator: "=", maxSplits: 1)
        if sides.count == 2, sides[0].drop(while: { $0 == " " }) == name { return String(sides[1]) }
      }
    }
    return nil
  }

  func setting(_ secret: String) -> String {
    "\(name)=\(secret); Max-Age=\(Int(Self.lifetime / .seconds(1))); \(attributes)"
  }

  var clearing: String { "\(name)=; Max-Age=0; \(attributes)" }
}
