import Database
import Workflow

/// The tokens that programs send. A token is shown once, when it is made; afterwards only its hash is known.
public final class Tokens: Sendable {
  /// Names of the audit that are no token's.
  static let reservedNames = ["anonymous", "configured", "local", "weir"]
  private static let lettersShown = 4

  private let database: Database

  init(database: Database) {
    self.database = database
  }

  /// Makes a token.
  /// - Parameter lifetime: nil: until it is revoked.
  /// - Throws: `.tokenNameTaken`, `.invalidTokenName`.
  public func create(name: String, role: Role, lifetime: Duration?, by actor: Actor) throws -> (text: String, token: AccessToken) {
    guard Self.isName(name) else { throw AccessError(.invalidTokenName, subject: String(name.prefix(100))) }
    let text = SecretText.make(prefix: SecretText.tokenPrefix)
    let beginning = String(text.prefix(SecretText.tokenPrefix.count + Self.lettersShown))
    return try database.retryingTransaction { tx in
      let rows = try tx.query(
        """
        INSERT INTO app.access_tokens (name, role, hash, beginning, created_by, expires_at)
        VALUES (\(name), \(role.rawValue), \(SecretText.hash(text)), \(beginning), \(actor.name), now() + \(lifetime))
        ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING
        RETURNING \(raw: AccessToken.columns)
        """)
      guard let row = rows.first else { throw AccessError(.tokenNameTaken, subject: name) }
      let token = try AccessToken(row)
      try Audit.record(
        actor, "token.create", subject: "token/\(name)",
        details: ["role": .string(role.rawValue), "expires_at": JSON(orNull: token.expiresAt)], in: tx)
      return (text, token)
    }
  }

  /// Ends a token and its sessions: hosts that remember them refuse them 2 s later at the latest.
  /// - Throws: `.noToken` when none that lasts has the name.
  public func revoke(_ name: String, by actor: Actor) throws -> AccessToken {
    try database.retryingTransaction { tx in
      let rows = try tx.query(
        """
        UPDATE app.access_tokens SET revoked_at = now(), revoked_by = \(actor.name) WHERE name = \(name) AND revoked_at IS NULL
        RETURNING \(raw: AccessToken.columns)
        """)
      guard let row = rows.first else {
        let known = try tx.query("SELECT name FROM app.access_tokens WHERE revoked_at IS NULL ORDER BY name LIMIT 20")
        throw AccessError(.noToken(known: try known.map { try $0.string(0) }), subject: name)
      }
      let token = try AccessToken(row)
      let ended = try tx.execute("DELETE FROM app.sessions WHERE token_id = \(token.id)")
      try Audit.record(actor, "token.revoke", subject: "token/\(name)", details: ["sessions_ended": JSON(ended)], in: tx)
      return token
    }
  }

  /// Tokens, newest first.
  public func list(after: Int64? = nil, limit: Int = 50) throws -> Page<AccessToken> {
    try database.withConnection { connection in
      let rows = try connection.query(
        """
        SELECT \(raw: AccessToken.columns) FROM app.access_tokens
        WHERE \(after)::bigint IS NULL OR id < \(after) ORDER BY id DESC LIMIT \(limit + 1)
        """)
      var tokens = try rows.map { try AccessToken($0) }
      let hasMore = tokens.count > limit
      if hasMore { tokens.removeLast() }
      return Page(elements: tokens, next: hasMore ? tokens.last.map { "\($0.id)" } : nil)
    }
  }

  /// Whom a token stands for; nil when it is unknown, expired or revoked. Notes that it was used, at most every 5 minutes.
  public func find(_ text: String) throws -> Identity? {
    try database.withConnection { connection in
      let rows = try connection.query(
        """
        WITH found AS (
            SELECT id, name, role, last_used_at FROM app.access_tokens
            WHERE hash = \(SecretText.hash(text)) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())),
        used AS (
            UPDATE app.access_tokens t SET last_used_at = now() FROM found f
            WHERE t.id = f.id AND (f.last_used_at IS NULL OR f.last_used_at < now() - interval '5 minutes'))
        SELECT id, name, role FROM found
        """)
      return try rows.first.map { row in
        Identity(name: try row.string(1), role: Role(rawValue: try row.string(2)) ?? .viewer, tokenID: Int64(try row.int(0)))
      }
    }
  }

  /// Whether there is any token that opens something.
  public func isAnyActive() throws -> Bool {
    try database.withConnection { connection in
      try connection.query(
        "SELECT EXISTS (SELECT FROM app.access_tokens WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()))"
      ).one().bool(0)
    }
  }

  private static func isName(_ name: String) -> Bool {
    guard (1...100).contains(name.utf8.count), let first = name.first, first.isASCII, first.isLetter || first.isNumber else { return false }
    return !reservedNames.contains(name)
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._@-".contains($0)) }
  }
}
