import Database

/// Small durable state between the attempts of one task; it goes when the stage ends.
public final class Checkpoints: Sendable {
  private let database: Database

  init(database: Database) {
    self.database = database
  }

  /// Durable when it returns. False: the token is stale, and nothing was saved.
  public func save(_ state: [UInt8], token: Int64) throws -> Bool {
    try database.withConnection { connection in
      try connection.execute(
        """
        INSERT INTO checkpoints (stage_id, n, state)
        SELECT stage_id, n, \(state) FROM leases WHERE token = \(token) FOR KEY SHARE
        ON CONFLICT (stage_id, n) DO UPDATE SET state = excluded.state, saved_at = now()
        """) > 0
    }
  }

  /// Nil when the task has saved none, or the token is stale.
  public func load(token: Int64) throws -> [UInt8]? {
    try database.withConnection { connection in
      try connection.query(
        "SELECT state FROM checkpoints JOIN leases USING (stage_id, n) WHERE token = \(token)"
      ).first?.bytes(0)
    }
  }
}
