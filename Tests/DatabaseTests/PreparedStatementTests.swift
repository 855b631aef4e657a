import Database
import TestSupport
import Testing

@Suite struct PreparedStatementTests {
  private static let prepared: SQL = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'weir%'"

  @Test func `a statement is prepared once a connection`() throws {
    let test = try TestDatabase.make()
    let names = try test.database.withConnection { connection in
      for number in 1...5 { _ = try connection.query("SELECT \(number) AS same") }
      return try connection.query("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%AS same'").one().int(0)
    }
    #expect(names == 1)
  }

  @Test func `nothing is prepared by name where a pooler would lose it`() throws {
    let test = try TestDatabase.make { $0.preparedStatements = false }
    let count = try test.database.withConnection { connection in
      _ = try connection.query("SELECT \(1)")
      return try connection.query(Self.prepared).one().int(0)
    }
    #expect(count == 0)
  }

  @Test func `commands without a plan are not kept`() throws {
    let test = try TestDatabase.make()
    let count = try test.database.withConnection { connection in
      try connection.execute("-- why\n  CREATE TABLE t (n int)")
      try connection.execute("TRUNCATE t")
      return try connection.query(Self.prepared).one().int(0)
    }
    #expect(count == 1)
  }

  @Test func `the statement used longest ago makes room`() throws {
    let test = try TestDatabase.make()
    let count = try test.database.withConnection { connection in
      for number in 0..<300 { _ = try connection.query("SELECT 1 AS \(identifier: "c\(number)")") }
      return try connection.query(Self.prepared).one().int(0)
    }
    #expect(count == 256)
  }

  @Test func `DDL under a prepared statement is survived`() throws {
    let test = try TestDatabase.make()
    try test.database.withConnection { connection in
      try connection.executeScript("CREATE TABLE t AS SELECT 1 AS a")
      #expect(try connection.query("SELECT * FROM t").columnNames == ["a"])
      try connection.executeScript("ALTER TABLE t ADD COLUMN b text DEFAULT 'x'")
      #expect(try connection.query("SELECT * FROM t").columnNames == ["a", "b"])
      try connection.executeScript("ALTER TABLE t ALTER COLUMN a TYPE text")
      #expect(try connection.query("SELECT * FROM t").one().string("a") == "1")
    }
  }

  @Test func `DDL in a transaction's way is survived by trying again`() throws {
    let test = try TestDatabase.make { $0.poolSize = 1 }
    try test.database.withConnection { connection in
      try connection.executeScript("CREATE TABLE t AS SELECT 1 AS a")
      _ = try connection.query("SELECT * FROM t")
      try connection.executeScript("ALTER TABLE t ADD COLUMN b text")
    }
    let columns = try test.database.retryingTransaction { try $0.query("SELECT * FROM t").columnNames }
    #expect(columns == ["a", "b"])
  }

  @Test func `a session that forgot its statements is survived`() throws {
    let test = try TestDatabase.make()
    try test.database.withConnection { connection in
      _ = try connection.query("SELECT \(1) AS n")
      try connection.executeScript("DEALLOCATE ALL")
      #expect(try connection.query("SELECT \(2) AS n").one().int("n") == 2)
    }
  }

  @Test func `statements are forgotten when asked`() throws {
    let test = try TestDatabase.make { $0.poolSize = 1 }
    _ = try Make.one("SELECT 1 AS kept", in: test.database)
    test.database.forgetStatements()
    #expect(try Make.one(Self.prepared, in: test.database).int(0) == 1)
  }
}
