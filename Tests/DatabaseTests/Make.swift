import Database
import TestSupport

/// What tests of this target arrange again and again.
enum Make {
  static func one(_ sql: SQL, in database: Database) throws -> Row {
    try database.withConnection { try $0.query(sql).one() }
  }

  /// Whether a connection still does its work.
  static func isWhole(_ connection: Connection) -> Bool {
    (try? connection.query("SELECT 1").one().int(0)) == 1
  }

  /// Blocks until a session of the database does what `condition` says of `pg_stat_activity`.
  static func waitForSession(where condition: SQL, in database: Database) throws -> Int {
    try database.withConnection { connection in
      while true {
        let rows = try connection.query(
          "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND \(raw: condition)")
        if let row = rows.first { return try row.int("pid") }
        _ = try connection.query("SELECT pg_sleep(0.01)")
      }
    }
  }
}

struct Unwanted: Error, Equatable {}
