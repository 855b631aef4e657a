import Database

/// Keeps what attempts emit, under their tokens, until they win: invisible before, and nothing is moved then.
public final class ItemSpool: Sendable {
  private let database: Database

  init(database: Database) {
    self.database = database
  }

  /// Stores one chunk of an attempt's items or rejects; durable when it returns.
  ///
  /// - Parameters:
  ///   - first: how many elements of that kind the attempt has stored before.
  ///   - ndjson: one JSON value a line.
  /// - Returns: false when the token is stale: nothing was stored, and the attempt may be stopped.
  public func append(
    token: Int64, kind: ItemKind, first: Int, count: Int, ndjson: [UInt8]
  ) throws -> Bool {
    try database.withConnection { connection in
      try connection.execute(
        """
        INSERT INTO chunks (token, kind, first, count, body)
        SELECT token, \(kind.rawValue), \(first), \(count), \(text: ndjson)
        FROM leases WHERE token = \(token) FOR KEY SHARE
        """) > 0
    }
  }

  /// Removes up to `limit` chunks of attempts that did not win. Answers how many it removed; 0 when none is left.
  ///
  /// Looks only at what `Queue.complete` noted, so it costs nothing while attempts win, however many chunks there are.
  public func clean(limit: Int = 1_000) throws -> Int {
    try database.transaction { tx in
      let rows = try tx.query("SELECT token FROM discarded ORDER BY token LIMIT \(limit) FOR UPDATE SKIP LOCKED")
      guard !rows.isEmpty else { return 0 }
      let tokens = try rows.map { try $0.int(0) }
      let removed = try tx.execute(
        """
        DELETE FROM chunks WHERE ctid = ANY(ARRAY(SELECT ctid FROM chunks WHERE token = ANY(\(tokens)::bigint[]) LIMIT \(limit)))
        """)
      try tx.execute(
        """
        DELETE FROM discarded d WHERE token = ANY(\(tokens)::bigint[]) AND NOT EXISTS (SELECT FROM chunks c WHERE c.token = d.token)
        """)
      return max(removed, 1)
    }
  }
}
