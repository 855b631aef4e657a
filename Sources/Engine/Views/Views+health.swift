import Database

extension Views {
  /// Whether a host is registered and its lease lasts.
  public func isAlive(host id: Int64) throws -> Bool {
    try database.withConnection { connection in
      try connection.query(
        "SELECT EXISTS (SELECT FROM app.hosts WHERE id = \(id) AND ended_at IS NULL AND lease_until > now())"
      ).one().bool(0)
    }
  }

  /// The database's clock, RFC 3339 in UTC: what all times that are shown are compared with.
  public func now() throws -> String {
    try database.withConnection { connection in try connection.query(Self.clock).one().string(0) }
  }

  func now(in tx: Transaction) throws -> String { try tx.query(Self.clock).one().string(0) }

  private static let clock: SQL = "SELECT \(raw: Views.time("now()"))"
}
