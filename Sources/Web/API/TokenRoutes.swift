import Engine
import HTTPTypes
import Workflow

/// Tokens of programs and sessions of pages, for administrators.
struct TokenRoutes: Sendable {
  let tokens: Tokens
  let sessions: Sessions
  let keyring: Keyring

  private static let limit = Parameter.query("limit", .integer(1...500, fallback: 50), "At most so many.")
  private static let after = Parameter.query("after", .cursor, "`next` of the page before.")

  /// What a token is asked for with.
  static let request = Shape.object(
    ["name": ["type": "string", "minLength": 1, "maxLength": 100], "role": Shape.choice(Role.allCases.map(\.rawValue))],
    optional: ["expires_in": ["type": ["string", "null"], "pattern": "^[1-9][0-9]{0,5}(m|h|d)$"]], isClosed: true)

  var routes: [Route] { [list, create, revoke, listSessions, endSession] }

  private var list: Route {
    .get(
      "/api/tokens", id: "listTokens", "The tokens of programs, newest first; what they read is nowhere kept.", access: .admin,
      parameters: [Self.after, Self.limit], schema: "TokenPage"
    ) { call in
      let page = try tokens.list(after: call.text("after").flatMap { Int64($0) }, limit: call.limit(Self.limit))
      return .page("tokens", page.elements.map(\.json), next: page.next)
    }
  }

  private var create: Route {
    Route(
      .post, "/api/tokens", id: "createToken", "Make a token; this answer alone shows it.", access: .admin,
      body: "Name, role, and for how long: a number with m, h or d, such as 90d; without it until it is revoked.",
      bodySchema: "TokenRequest",
      successes: [.init(status: 201, summary: "The token.", schema: "CreatedToken")],
      problems: [.notJSON, .invalidParameters, .tokenNameTaken],
      .blocking { call in
        let wanted = try Self.read(call.body)
        let (text, token) = try tokens.create(name: wanted.name, role: wanted.role, lifetime: wanted.lifetime, by: call.actor)
        keyring.forget()
        var shown = token.json.objectValue ?? JSONObject()
        shown.append("token", .string(text))
        return .json(.object(shown), status: 201)
      })
  }

  private var revoke: Route {
    Route(
      .delete, "/api/tokens/{name}", id: "revokeToken", "Revoke a token, and end its sessions.", access: .admin,
      parameters: [.path("name", .text(longest: 100), "The token's name.")],
      successes: [.init(status: 200, summary: "The token as it was; it opens nothing any more.", schema: "Token")], problems: [.noToken],
      .blocking { call in
        let token = try tokens.revoke(call.path("name"), by: call.actor)
        keyring.forget()
        return .json(token.json)
      })
  }

  private var listSessions: Route {
    .get(
      "/api/sessions", id: "listSessions", "The sessions of pages that last, newest first.", access: .admin,
      parameters: [Self.after, Self.limit], schema: "SessionPage"
    ) { call in
      let page = try sessions.list(after: call.text("after").flatMap { Int64($0) }, limit: call.limit(Self.limit))
      return .page("sessions", page.elements.map(\.json), next: page.next)
    }
  }

  private var endSession: Route {
    Route(
      .delete, "/api/sessions/{id}", id: "endSession", "End a session: its page must log in again.", access: .admin,
      parameters: [.path("id", .id, "The session's id.")],
      successes: [.init(status: 200, summary: "It has ended.", schema: "EndedSession")], problems: [.noSession],
      .blocking { call in
        let id = Int64(call.path("id")) ?? 0
        try sessions.end(id, by: call.actor)
        keyring.forget()
        return .json(["id": .string("\(id)")])
      })
  }

  /// - Throws: 400, 422 with every mistake.
  private static func read(_ body: [UInt8]) throws -> (name: String, role: Role, lifetime: Duration?) {
    let value = try JSONBody.object(body, matching: request)
    let lifetime = value["expires_in"]?.stringValue
    return (
      value["name"]?.stringValue ?? "", value["role"]?.stringValue.flatMap(Role.init) ?? .viewer, lifetime.flatMap(DurationText.parse)
    )
  }
}
