public import Database

/// Puts pgSTAC into a database that has none.
public struct PgstacInstall: Sendable {
  /// What `ensure` found to do.
  public enum Outcome: Sendable, Hashable {
    case installed
    case present
  }

  private let version: String
  private let sql: String

  /// - Parameters:
  ///   - version: what `sql` installs, such as `0.10.0`.
  ///   - sql: the full install script of that version, `pgstac.0.10.0.sql` of the wheel `pypgstac`.
  public init(version: String, sql: String) {
    self.version = version
    self.sql = sql
  }

  /// Installs PostGIS, btree_gist, unaccent and pgSTAC where they are missing, all or nothing. Takes about a second;
  /// several hosts may call it at once.
  /// - Throws: `.differentVersion` when another pgSTAC is there; `.notPermitted` when the login role may not make
  ///   extensions or roles; `.missingPackage` when the server has no PostGIS.
  @discardableResult
  public func ensure(in database: Database) throws -> Outcome {
    // the usual case needs no session of its own, which a pooler could not give
    if let found = try database.transaction(access: .readOnly, { try Self.installed(in: $0) }) {
      guard found == version else { throw PgstacError(.differentVersion(found: found, wanted: version)) }
      return .present
    }
    // The script leaves its session in another role and search_path, so the session is not used again.
    return try database.withFreshConnection { connection in
      try connection.transaction { transaction in
        _ = try transaction.query("SELECT pg_advisory_xact_lock(hashtextextended('weir.pgstac', 0))")
        if let found = try Self.installed(in: transaction) {
          guard found == version else { throw PgstacError(.differentVersion(found: found, wanted: version)) }
          return .present
        }
        do throws(DatabaseError) {
          // pgSTAC finds PostGIS in public, whatever this database's search_path is.
          try transaction.executeScript(
            """
            SET LOCAL search_path = public;
            CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public;
            CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;
            CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public;
            """)
          try transaction.executeScript(sql)
        } catch {
          throw PgstacError(explaining: error)
        }
        return .installed
      }
    }
  }

  /// The version of the pgSTAC that a database has; nil when it has none.
  public static func installed(in transaction: Transaction) throws -> String? {
    let exists = try transaction.query("SELECT to_regclass('pgstac.migrations') IS NOT NULL AS there").one().bool("there")
    guard exists else { return nil }
    let rows = try transaction.query("SELECT version FROM pgstac.migrations ORDER BY datetime DESC, version DESC LIMIT 1")
    return try rows.first?.string("version")
  }
}
