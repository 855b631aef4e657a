import Database

/// The sessions of pages: what a browser keeps in a cookie instead of a token.
public final class Sessions: Sendable {
  private let database: Database

  init(database: Database) {
    self.database = database
  }

  /// Begins a session for whoever showed a token.
  /// - Parameters:
  ///   - configured: the token of the configuration, when the identity is that token's. The session then ends with it.
  /// - Returns: the secret for the cookie.
  public func begin(for identity: Identity, configured: String?, lifetime: Duration) throws -> (text: String, id: Int64) {
    let text = SecretText.make(prefix: SecretText.sessionPrefix)
    let binding = identity.tokenID == nil ? configured.map { Self.binding(text, $0) } : nil
    return try database.retryingTransaction { tx in
      // what has ended goes when something begins: there are never many
      try tx.execute("DELETE FROM app.sessions WHERE expires_at <= now()")
      let id = Int64(
        try tx.query(
          """
          INSERT INTO app.sessions (hash, token_id, binding, expires_at)
          VALUES (\(SecretText.hash(text)), \(identity.tokenID), \(binding), now() + \(lifetime)) RETURNING id
          """
        ).one().int(0))
      try Audit.record(
        Actor(name: identity.name, role: identity.role, via: .page), "session.begin", subject: "session/\(id)", in: tx)
      return (text, id)
    }
  }

  /// Whom a session stands for; nil when it is unknown, or it or its token has ended.
  /// - Parameter configured: the token of this host's configuration.
  public func find(_ text: String, configured: String?) throws -> Identity? {
    try database.withConnection { connection in
      let rows = try connection.query(
        """
        SELECT s.id, s.binding, t.id, t.name, t.role FROM app.sessions s LEFT JOIN app.access_tokens t ON t.id = s.token_id
        WHERE s.hash = \(SecretText.hash(text)) AND s.expires_at > now() AND t.revoked_at IS NULL
          AND (t.expires_at IS NULL OR t.expires_at > now())
        """)
      guard let row = rows.first else { return nil }
      let session = Int64(try row.int(0))
      guard let binding = try row.bytesOrNil(1) else {
        return Identity(
          name: try row.string(3), role: Role(rawValue: try row.string(4)) ?? .viewer, tokenID: Int64(try row.int(2)), sessionID: session)
      }
      guard let configured, SecretText.isEqual(binding, Self.binding(text, configured)) else { return nil }
      var identity = Identity.configured
      identity.sessionID = session
      return identity
    }
  }

  /// Sessions that last, newest first.
  public func list(after: Int64? = nil, limit: Int = 50) throws -> Page<Session> {
    try database.withConnection { connection in
      let rows = try connection.query(
        """
        SELECT s.id, coalesce(t.name, \(Identity.configured.name)), coalesce(t.role, 'admin'), \(raw: Views.time("s.created_at")),
               \(raw: Views.time("least(s.expires_at, t.expires_at)"))
        FROM app.sessions s LEFT JOIN app.access_tokens t ON t.id = s.token_id
        WHERE s.expires_at > now() AND (t.expires_at IS NULL OR t.expires_at > now()) AND (\(after)::bigint IS NULL OR s.id < \(after))
        ORDER BY s.id DESC LIMIT \(limit + 1)
        """)
      var sessions = try rows.map { try Session($0) }
      let hasMore = sessions.count > limit
      if hasMore { sessions.removeLast() }
      return Page(elements: sessions, next: hasMore ? sessions.last.map { "\($0.id)" } : nil)
    }
  }

  /// Ends a session.
  /// - Throws: `.noSession`.
  public func end(_ id: Int64, by actor: Actor) throws {
    try database.retryingTransaction { tx in
      guard try tx.execute("DELETE FROM app.sessions WHERE id = \(id)") > 0 else { throw AccessError(.noSession, subject: "\(id)") }
      try Audit.record(actor, "session.end", subject: "session/\(id)", in: tx)
    }
  }

  /// Tells nothing of the token to whoever reads the table: for that it needs the session's secret, too.
  private static func binding(_ session: String, _ token: String) -> [UInt8] {
    SecretText.hash(SecretText.hash(session) + SecretText.hash(token) + Array(session.utf8))
  }
}
