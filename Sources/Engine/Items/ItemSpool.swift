public import Database

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
        FROM leases WHERE token = \(token)
        """) > 0
    }
  }

  /// Removes up to `limit` chunks of attempts that neither won nor are still open. Answers how many it removed.
  public func clean(limit: Int = 1_000) throws -> Int {
    try database.withConnection { connection in
      try connection.execute(
        """
        DELETE FROM chunks WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM chunks c
            WHERE NOT EXISTS (SELECT 1 FROM leases l WHERE l.token = c.token)
              AND NOT EXISTS (SELECT 1 FROM item_ranges r WHERE r.token = c.token)
            LIMIT \(limit)))
        """)
    }
  }
}
