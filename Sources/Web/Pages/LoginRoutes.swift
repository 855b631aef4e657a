import Engine
import HTTPTypes
import Workflow

/// Turns a token into a session of this browser, and ends it.
struct LoginRoutes: Sendable {
  let keyring: Keyring
  let entrance: Entrance

  /// Where a browser goes when it asked for no other page.
  private static let home = PageShell.Place.overview.rawValue
  private static let html = "text/html; charset=utf-8"

  var routes: [Route] { [show, logIn, logOut] }

  private static func page(_ status: Int, _ summary: String) -> Route.Success {
    .init(status: status, summary: summary, contentType: html)
  }

  private static func onward(_ summary: String) -> Route.Success {
    .init(status: 303, summary: summary, headers: [("Location", "The page."), ("Set-Cookie", "The session's cookie, or its end.")])
  }

  private var show: Route {
    Route(
      .get, "/login", id: "showLogin", "The page that asks for a token, or says who is logged in.", access: .open,
      parameters: [.query("next", .text(longest: 2_000), "A path of this host to go on to.")], successes: [Self.page(200, "The page.")],
      problems: [.databaseAway],
      .quick { call in
        let next = Self.path(call.text("next"))
        if try await keyring.isOpen() { return Self.answer(.nobodyNeedsOne) }
        if let secret = SessionCookie(of: call.head).value(in: call.head), let identity = try await keyring.identity(session: secret) {
          return Self.answer(.loggedIn(name: identity.name, role: identity.role, next: next))
        }
        return Self.answer(.asks(next: next, mistake: nil))
      })
  }

  private var logIn: Route {
    Route(
      .post, "/login", id: "logIn", "Begin a session: the answer sets its cookie.", access: .open,
      body: "The form's `token`, and `next`, a path of this host to go on to.", bodySchema: "LoginForm",
      bodyType: "application/x-www-form-urlencoded",
      successes: [
        Self.onward("Logged in."), Self.page(401, "The token opens nothing."), Self.page(429, "Too many wrong tokens were sent."),
      ], problems: [.databaseAway], .quick(begin))
  }

  private func begin(_ call: Call) async throws -> Answer {
    let form = Form(call.body)
    let next = Self.path(form["next"])
    let identity: Identity
    do {
      identity = try await entrance.identity(token: form["token"] ?? "", from: call.address)
    } catch let problem as Problem where [.unauthorized, .tooManyTries].contains(problem.kind) {
      let mistake = problem.kind == .unauthorized ? "This token opens nothing here. It may have expired or been revoked." : problem.hint
      return Self.answer(.asks(next: next, mistake: mistake), status: problem.kind.status, headers: problem.headers)
    }
    let cookie = SessionCookie(of: call.head)
    if let old = cookie.value(in: call.head) { try await end(old, .page) }
    return .seeOther(next, headers: [.setCookie: cookie.setting(try await keyring.begin(identity))])
  }

  private var logOut: Route {
    Route(
      .post, "/logout", id: "logOut", "End the session of this browser.", access: .open, successes: [Self.onward("Logged out.")],
      problems: [.databaseAway, .foreignOrigin],
      .quick { call in
        let cookie = SessionCookie(of: call.head)
        if let secret = cookie.value(in: call.head) {
          try entrance.checkPage(call.head)
          try await end(secret, .page)
        }
        return .seeOther("/login", headers: [.setCookie: cookie.clearing])
      })
  }

  private func end(_ secret: String, _ via: Actor.Via) async throws {
    guard let identity = try await keyring.identity(session: secret) else { return }
    try await keyring.end(identity, via: via)
  }

  private static func answer(_ page: LoginPage, status: Int = 200, headers: HTTPFields = [:]) -> Answer {
    var headers = headers
    headers[.contentSecurityPolicy] = LoginPage.policy
    return Answer(status: status, headers: headers, contentType: html, body: Array(page.html.utf8))
  }

  /// A path of this host and nothing else: what begins with two slashes, or a backslash, is another host to a browser.
  static func path(_ next: String?) -> String {
    guard let next, next.hasPrefix("/"), !next.hasPrefix("//"), !next.contains("\\"), next.utf8.count <= 2_000,
      next.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return home }
    return next
  }
}
