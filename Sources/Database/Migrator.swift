/// Brings a database's schema up to this program's. What was done is noted in `app.schema_migrations`.
public struct Migrator: Sendable {
  private let database: Database
  private let migrations: [Migration]

  /// - Parameter migrations: all that this program knows, each number once; order does not matter.
  public init(_ database: Database, migrations: [Migration]) {
    self.database = database
    self.migrations = migrations.sorted { $0.number < $1.number }
  }

  /// Reads how things stand, and changes nothing.
  public func status() throws -> MigrationStatus {
    try database.transaction(access: .readOnly) { transaction in try status(in: transaction) }
  }

  /// Runs what is pending, each migration in a transaction of its own; several hosts may call this at once.
  /// - Returns: what this call ran.
  /// - Throws: `.migration` when database and program do not fit; a migration's own failure with its title as subject.
  @discardableResult
  public func migrate() throws -> [Migration] {
    var done: [Migration] = []
    while let migration = try runNext() { done.append(migration) }
    if !done.isEmpty { database.forgetStatements() }
    return done
  }

  private func runNext() throws -> Migration? {
    try database.transaction { transaction in
      // Held to the end of the transaction: another host then sees what was done here.
      _ = try transaction.query("SELECT pg_advisory_xact_lock(hashtextextended('weir.schema_migrations', 0))")
      let status = try status(in: transaction)
      if let conflict = status.conflict { throw conflict }
      guard let next = status.pending.first else { return nil }
      try run(next, in: transaction)
      return next
    }
  }

  private func run(_ migration: Migration, in transaction: Transaction) throws {
    try transaction.executeScript(
      """
      CREATE SCHEMA IF NOT EXISTS app;
      CREATE TABLE IF NOT EXISTS app.schema_migrations (
        number integer PRIMARY KEY,
        name text NOT NULL,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
      );
      SET LOCAL search_path = app, public;
      """)
    do {
      try transaction.executeScript(migration.sql)
    } catch {
      throw error.about("migration \(migration.title)")
    }
    try transaction.execute(
      """
      INSERT INTO app.schema_migrations (number, name, checksum)
      VALUES (\(migration.number), \(migration.name), \(raw: Self.checksum(of: migration)))
      """)
  }

  private func status(in transaction: Transaction) throws -> MigrationStatus {
    guard Set(migrations.map(\.number)).count == migrations.count else {
      throw DatabaseError(.misuse("two migrations have the same number."))
    }
    var checksums: [Int: String] = [:]
    for migration in migrations {
      checksums[migration.number] = try transaction.query("SELECT \(raw: Self.checksum(of: migration))").one().string(0)
    }
    return MigrationStatus(applied: try applied(in: transaction), known: migrations, checksums: checksums)
  }

  private func applied(in transaction: Transaction) throws -> [MigrationStatus.Applied] {
    let exists = try transaction.query("SELECT to_regclass('app.schema_migrations') IS NOT NULL").one().bool(0)
    guard exists else { return [] }
    let rows = try transaction.query("SELECT number, name, checksum, applied_at FROM app.schema_migrations ORDER BY number")
    return try rows.map { row in
      MigrationStatus.Applied(
        number: try row.int("number"), name: try row.string("name"), checksum: try row.string("checksum"),
        appliedAt: try row.date("applied_at"))
    }
  }

  private static func checksum(of migration: Migration) -> SQL {
    "encode(sha256(convert_to(\(migration.sql)::text, 'UTF8')), 'hex')"
  }
}
