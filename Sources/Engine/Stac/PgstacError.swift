import Database

/// Why pgSTAC could not be put into a database.
public struct PgstacError: Error, CustomStringConvertible {
  public enum Code: Sendable, Hashable {
    case differentVersion(found: String, wanted: String)
    case notPermitted
    /// The server lacks the files of an extension.
    case missingPackage
    case failed
  }

  public let code: Code
  public let cause: (any Error)?

  init(_ code: Code, cause: (any Error)? = nil) {
    self.code = code
    self.cause = cause
  }

  init(explaining error: DatabaseError) {
    switch error.sqlstate {
    case "42501": self.init(.notPermitted, cause: error)
    // PostgreSQL 15 says undefined_file (58P01) for an extension without a control file, 16 says 0A000.
    case "58P01", "0A000": self.init(.missingPackage, cause: error)
    default: self.init(.failed, cause: error)
    }
  }

  public var message: String {
    switch code {
    case .differentVersion(let found, let wanted): "pgSTAC: the database has version \(found), this weir needs \(wanted)."
    case .notPermitted: "pgSTAC: the login role may not make extensions and roles."
    case .missingPackage: "pgSTAC: the server lacks PostGIS, btree_gist or unaccent."
    case .failed: "pgSTAC: its install script failed."
    }
  }

  public var hint: String {
    switch code {
    case .differentVersion(let found, let wanted):
      "Upgrade it with pypgstac \(wanted) (`pypgstac migrate --toversion \(wanted)`) after a backup, or use the weir that was made for \(found)."
    case .notPermitted:
      "Have a superuser run CREATE EXTENSION postgis, btree_gist, unaccent; make the roles pgstac_admin, pgstac_ingest, pgstac_read; and grant them to the login role."
    case .missingPackage: "On the server: apt-get install postgresql-15-postgis-3 postgresql-contrib (for its major version)."
    case .failed: "The log has PostgreSQL's own words."
    }
  }

  public var description: String { "\(message) \(hint)" }
}
