import Database
import TestSupport
import Testing

@Suite struct MigratorTests {
  private static let first = Migration(number: 1, name: "jobs", sql: "-- Jobs.\nCREATE TABLE jobs (id int);")
  private static let second = Migration(number: 2, name: "tasks", sql: "CREATE TABLE tasks (id int); CREATE INDEX ON tasks (id);")

  private static func failure(_ migrations: [Migration], in test: TestDatabase) -> DatabaseError? {
    #expect(throws: DatabaseError.self) { try Migrator(test.database, migrations: migrations).migrate() }
  }

  @Test func `an empty database gets all, in order, once`() throws {
    let test = try TestDatabase.make()
    let migrator = Migrator(test.database, migrations: [Self.second, Self.first])
    #expect(try migrator.status().pending == [Self.first, Self.second])
    #expect(try migrator.migrate() == [Self.first, Self.second])
    #expect(try migrator.migrate().isEmpty)
    let status = try migrator.status()
    #expect(status.applied.map(\.name) == ["jobs", "tasks"])
    #expect(status.pending.isEmpty)
    #expect(status.conflict == nil)
    #expect(try Make.one("SELECT to_regclass('app.tasks') IS NOT NULL", in: test.database).bool(0))
  }

  @Test func `a migration that fails leaves nothing of itself and says its name`() throws {
    let test = try TestDatabase.make()
    let broken = Migration(number: 2, name: "broken", sql: "CREATE TABLE half (id int); SELECT 1 / 0;")
    let error = Self.failure([Self.first, broken], in: test)
    #expect(error?.message == "migration 002_broken: PostgreSQL refused it: bad value (SQLSTATE 22012).")
    #expect(try Make.one("SELECT to_regclass('app.half') IS NULL", in: test.database).bool(0))
    #expect(try Migrator(test.database, migrations: [Self.first]).status().applied.map(\.number) == [1])
  }

  @Test func `a database newer than the program is refused`() throws {
    let test = try TestDatabase.make()
    try Migrator(test.database, migrations: [Self.first, Self.second]).migrate()
    let error = Self.failure([Self.first], in: test)
    #expect(
      error?.description
        == "the database is newer than this weir: it has migration 2 (tasks), this weir knows up to 1. Update weir on this host to the version that the other hosts run."
    )
  }

  @Test func `a migration that was edited, renamed or put before others is refused`() throws {
    let test = try TestDatabase.make()
    try Migrator(test.database, migrations: [Self.first, Self.second]).migrate()
    let edited = Migration(number: 1, name: "jobs", sql: "SELECT 1")
    #expect(Self.failure([edited, Self.second], in: test)?.message == "migration 001_jobs was changed after the database had run it.")
    let renamed = Migration(number: 1, name: "other", sql: Self.first.sql)
    #expect(
      Self.failure([renamed, Self.second], in: test)?.message
        == "the database has migration 1 (jobs), which this weir does not have.")
    let late = Migration(number: 0, name: "late", sql: "SELECT 1")
    #expect(
      Self.failure([late, Self.first, Self.second], in: test)?.message
        == "migration 000_late comes before 2 (tasks), which the database has already.")
  }

  @Test func `hosts that migrate at once do it once`() async throws {
    let test = try TestDatabase.make()
    let done = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          try await onOwnThread { try Migrator(test.database, migrations: [Self.first, Self.second]).migrate().count }
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(done == 2)
  }

  @Test func `a dump says what the schemas hold, the same each time`() throws {
    let test = try TestDatabase.make()
    try Migrator(test.database, migrations: [Self.first]).migrate()
    let dump = try SchemaDump.text(of: ["app"], url: test.url)
    #expect(dump.hasPrefix("CREATE SCHEMA app;\n\nCREATE TABLE app.jobs (\n    id integer\n);\n"))
    #expect(try SchemaDump.text(of: ["app"], url: test.url) == dump)
  }
}
