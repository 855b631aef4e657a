public import Database

/// Brings a database to where this program can work with it: Weir's own tables, PostGIS and pgSTAC.
public struct Installation: Sendable {
  /// The one that this program installs and writes to.
  static let pgstacVersion = "0.10.0"

  private let database: Database

  public init(_ database: Database) {
    self.database = database
  }

  /// Weir's migrations, from `Migrations/NNN_name.sql`.
  public static let migrations: [Migration] = Assets.texts(in: "migrations/").compactMap { name, text in
    let stem = name.dropFirst("migrations/".count).dropLast(".sql".count)
    guard let number = Int(stem.prefix { $0 != "_" }) else { return nil }
    return Migration(number: number, name: String(stem.drop { $0 != "_" }.dropFirst()), sql: text)
  }

  public var migrator: Migrator { Migrator(database, migrations: Self.migrations) }

  /// Installs what is missing; repeats change nothing. Any number of hosts may do it at once.
  /// - Throws: `DatabaseError`, `PgstacError`, each with a hint. A database that a newer weir has brought further is left as it is.
  public func install() throws {
    if let conflict = try migrator.status().conflict { throw conflict }
    if let sql = Assets.texts(in: "pgstac.").first?.text {
      _ = try PgstacInstall(version: Self.pgstacVersion, sql: sql).ensure(in: database)
    }
    _ = try migrator.migrate()
  }
}
