import Database
import TestSupport
import Testing

@Suite struct RowTests {
  @Test func `columns are read by name and by place`() throws {
    let test = try TestDatabase.make()
    let row = try Make.one("SELECT 1 AS a, 2 AS ab, true AS \"Ab\"", in: test.database)
    #expect(try row.int("ab") == 2)
    #expect(try row.int(0) == 1)
    #expect(try row.bool("Ab"))
  }

  @Test(arguments: [
    ("SELECT 'x' AS v", "SELECT 'x' AS v: column \"v\" cannot be read as integer."),
    ("SELECT 1.5 AS v", "SELECT 1.5 AS v: column \"v\" cannot be read as integer."),
    ("SELECT 9223372036854775808 AS v", "SELECT 9223372036854775808 AS v: column \"v\" cannot be read as integer."),
    ("SELECT NULL AS v", "SELECT NULL AS v: column \"v\" cannot be read as integer: it is NULL."),
    ("SELECT 1 AS w", "SELECT 1 AS w: column that the answer does not have cannot be read as integer."),
  ])
  func `what cannot be read is an error that names the column`(sql: String, message: String) throws {
    let test = try TestDatabase.make()
    let row = try Make.one(SQL(trusted: sql), in: test.database)
    let error = #expect(throws: DatabaseError.self) { try row.int("v") }
    #expect(error?.message == message)
  }

  @Test func `one row is asked for and two are refused`() throws {
    let test = try TestDatabase.make()
    let error = #expect(throws: DatabaseError.self) { try Make.one("VALUES (1), (2)", in: test.database) }
    #expect(error?.message == "VALUES (1), (2): column of 2 rows cannot be read as one row.")
  }

  @Test func `rows outlive their connection`() throws {
    let test = try TestDatabase.make()
    let rows = try test.database.withConnection { try $0.query("SELECT n, 'r' || n AS t FROM generate_series(1, 3) n") }
    test.database.close()
    #expect(try rows.map { try $0.string("t") } == ["r1", "r2", "r3"])
    #expect(rows.columnNames == ["n", "t"])
  }
}
