import Database
import TestSupport
import Testing

@Suite struct DatabaseErrorTests {
  @Test func `a violated constraint is named, the data is not`() throws {
    let test = try TestDatabase.make()
    let error = #expect(throws: DatabaseError.self) {
      try test.database.withConnection { connection in
        try connection.executeScript("CREATE TABLE people (name text CONSTRAINT one_name UNIQUE)")
        for _ in 1...2 { try connection.execute("INSERT INTO people VALUES (\("secret"))") }
      }
    }
    #expect(error?.code == .server(sqlstate: "23505"))
    #expect(error?.constraint == "one_name")
    #expect(error?.table == "public.people")
    #expect(
      error.map { "\($0)" }
        == "INSERT INTO people VALUES ($1): PostgreSQL refused it: unique constraint violated (SQLSTATE 23505), constraint one_name, table public.people."
    )
    #expect(error.map { String(reflecting: $0).contains("Key (name)=(secret) already exists.") } == true)
  }

  @Test(arguments: [
    ("SELECT * FROM absent", "42P01"), ("SELECT nonsense(1)", "42883"), ("SELEC", "42601"), ("SELECT 'x'::int", "22P02"),
    ("SELECT 1 / 0", "22012"), ("SELECT \u{1}", "42601"),
  ])
  func `errors carry their SQLSTATE and leave the connection whole`(sql: String, state: String) throws {
    let test = try TestDatabase.make()
    try test.database.withConnection { connection in
      let error = #expect(throws: DatabaseError.self) { try connection.query(SQL(trusted: sql)) }
      #expect(error?.code == .server(sqlstate: state))
      #expect(Make.isWhole(connection))
    }
  }

  @Test func `a head comment names the statement in messages`() throws {
    let test = try TestDatabase.make()
    let error = #expect(throws: DatabaseError.self) {
      try Make.one("-- claim: due tasks\nSELECT 1 / 0", in: test.database)
    }
    #expect(error?.subject == "claim: due tasks")
  }

  @Test func `a server that is not there is said to be away, without the password`() throws {
    let database = Database(DatabaseConfiguration(url: "postgresql://me:hidden@/x?host=/nowhere"))
    let error = #expect(throws: DatabaseError.self) { try database.withConnection { _ in } }
    #expect(error?.isUnreachable == true)
    #expect(
      error.map { "\($0)" }
        == "database host=/nowhere dbname=x user=me: PostgreSQL cannot be reached, or the connection was lost. Check that the server runs and that the host, port and socket folder of the database URL are right."
    )
    #expect(error.map { String(reflecting: $0).contains("hidden") } == false)
  }

  @Test func `a database that does not exist is hinted at`() throws {
    let url = try TestCluster.shared().url(database: "absent")
    let error = #expect(throws: DatabaseError.self) { try Database(DatabaseConfiguration(url: url)).withConnection { _ in } }
    #expect(error?.hint == "The database or role in the URL does not exist: create it.")
  }

  @Test func `a URL that is none is refused`() throws {
    let database = Database(DatabaseConfiguration(url: "postgresql://[oops"))
    let error = #expect(throws: DatabaseError.self) { try database.withConnection { _ in } }
    #expect(error?.message == "the database URL cannot be read as a PostgreSQL URL or conninfo string.")
  }
}
