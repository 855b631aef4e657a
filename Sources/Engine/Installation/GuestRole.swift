public import Database

/// A role for handlers' own statements in Weir's private cluster: it may log in, and work in one schema.
///
/// Elsewhere the operator makes such a role: see decisions/0015-handlers-own-role.md.
public struct GuestRole: Sendable {
  public let name: String
  public let schema: String

  /// For curated reference data.
  public static let geo = GuestRole(name: "weir_geo", schema: "geo")

  /// Makes role and schema, or brings them back to what they must be. Any number of hosts may do it at once.
  public func ensure(in database: Database) throws {
    try database.transaction { transaction in
      _ = try transaction.query("SELECT pg_advisory_xact_lock(hashtextextended('weir.guest_role', 0))")
      if try transaction.query("SELECT FROM pg_roles WHERE rolname = \(name)").isEmpty {
        try transaction.execute("CREATE ROLE \(identifier: name)")
      }
      try transaction.execute(
        """
        ALTER ROLE \(identifier: name) LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT
        """)
      try transaction.execute("CREATE SCHEMA IF NOT EXISTS \(identifier: schema)")
      try transaction.execute("GRANT USAGE, CREATE ON SCHEMA \(identifier: schema) TO \(identifier: name)")
      try transaction.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    }
  }
}
