import Database
import TestSupport
import Testing

@Suite struct CopyTests {
  private static func withTable() throws -> TestDatabase {
    let test = try TestDatabase.make()
    try test.database.withConnection { connection in
      try connection.executeScript("CREATE TABLE t (id bigint PRIMARY KEY, v text, b bytea)")
    }
    return test
  }

  @Test func `rows go in and come out, whatever their letters`() throws {
    let test = try Self.withTable()
    let texts: [String?] = ["plain", "tab\there", "line\nbreak\r", "back\\slash", "\\N", "\\.", "", nil, "ü👩‍🌾"]
    let stored = try test.database.transaction { transaction in
      try transaction.copyIn("COPY t (id, v) FROM STDIN") { writer in
        for (id, text) in texts.enumerated() { try writer.writeRow([id, text]) }
      }
    }
    #expect(stored == texts.count)
    let rows = try test.database.withConnection { try $0.query("SELECT v FROM t ORDER BY id") }
    #expect(try rows.map { try $0.stringOrNil("v") } == texts)
    var lines: [String] = []
    let sent = try test.database.withConnection { connection in
      try connection.copyOut("COPY (SELECT id, v FROM t ORDER BY id LIMIT 2) TO STDOUT") { line in
        lines.append(String(decoding: line, as: UTF8.self))
      }
    }
    #expect(sent == 2)
    #expect(lines == ["0\tplain\n", "1\ttab\\there\n"])
  }

  @Test func `binary data passes through unread`() throws {
    let test = try Self.withTable()
    try test.database.withConnection { connection in
      try connection.execute("INSERT INTO t SELECT n, repeat('x', n), decode(repeat('00ff', n), 'hex') FROM generate_series(1, 500) n")
      var data: [UInt8] = []
      try connection.copyOut("COPY t TO STDOUT (FORMAT binary)") { data += $0 }
      try connection.executeScript("CREATE TABLE u (LIKE t)")
      // Any cut is good, also in the middle of a row.
      let rows = try connection.copyIn("COPY u FROM STDIN (FORMAT binary)") { writer in
        for start in stride(from: 0, to: data.count, by: 1001) { try writer.write(data[start..<min(start + 1001, data.count)]) }
      }
      #expect(rows == 500)
      let same = try connection.query("SELECT count(*) FROM t JOIN u USING (id, v, b)").one().int(0)
      #expect(same == 500)
    }
  }

  @Test func `more than the buffers hold goes in`() throws {
    let test = try Self.withTable()
    let line = String(repeating: "y", count: 300_000)
    try test.database.withConnection { connection in
      try connection.copyIn("COPY t (id, v) FROM STDIN") { writer in
        for id in 0..<20 { try writer.write("\(id)\t\(line)\n") }
      }
      #expect(try connection.query("SELECT sum(length(v)) FROM t").one().int(0) == 6_000_000)
    }
  }

  @Test func `an error of the feeding code stores nothing and leaves the connection whole`() throws {
    let test = try Self.withTable()
    try test.database.withConnection { connection in
      #expect(throws: Unwanted.self) {
        try connection.copyIn("COPY t (id) FROM STDIN") { writer in
          for id in 0..<100_000 { try writer.writeRow([id]) }
          throw Unwanted()
        }
      }
      let stored = try connection.query("SELECT count(*) FROM t").one().int(0)
      #expect(stored == 0)
    }
  }

  @Test func `a bad row is a typed error and leaves the connection whole`() throws {
    let test = try Self.withTable()
    try test.database.withConnection { connection in
      let bad = #expect(throws: DatabaseError.self) {
        try connection.copyIn("COPY t (id) FROM STDIN") { writer in
          try writer.write("1\nnot a number\n")
          for id in 2..<100_000 { try writer.writeRow([id]) }
        }
      }
      #expect(bad?.code == .server(sqlstate: "22P02"))
      let twice = #expect(throws: DatabaseError.self) {
        try connection.copyIn("COPY t (id) FROM STDIN") { try $0.write("1\n1\n") }
      }
      #expect(twice?.constraint == "t_pkey")
      let stored = try connection.query("SELECT count(*) FROM t").one().int(0)
      #expect(stored == 0)
    }
  }

  @Test func `an error of the reading code cancels the rest and leaves the connection whole`() throws {
    let test = try Self.withTable()
    try test.database.withConnection { connection in
      #expect(throws: Unwanted.self) {
        try connection.copyOut("COPY (SELECT generate_series(1, 1000000000)) TO STDOUT") { _ in throw Unwanted() }
      }
      #expect(Make.isWhole(connection))
    }
  }

  @Test func `COPY is refused where it cannot run, and the connection stays whole`() throws {
    let test = try Self.withTable()
    try test.database.withConnection { connection in
      for statement in ["COPY t FROM STDIN", "COPY (SELECT generate_series(1, 100000)) TO STDOUT"] {
        let asQuery = #expect(throws: DatabaseError.self) { try connection.execute(SQL(trusted: statement)) }
        #expect(asQuery?.message.hasSuffix("COPY runs by copyIn or copyOut, not as a query.") == true)
      }
      let direction = #expect(throws: DatabaseError.self) { try connection.copyOut("COPY t FROM STDIN") { _ in } }
      #expect(direction?.message.hasSuffix("COPY runs by copyIn or copyOut, not as a query.") == true)
      let noCopy = #expect(throws: DatabaseError.self) { try connection.copyIn("SELECT 1") { _ in } }
      #expect(noCopy?.message == "SELECT 1: this is not a COPY in the direction asked for.")
      let bound = #expect(throws: DatabaseError.self) { try connection.copyOut("COPY (SELECT \(1)) TO STDOUT") { _ in } }
      #expect(bound?.message == "COPY (SELECT $1) TO STDOUT: COPY takes no bound values; put them into a query or a table.")
      #expect(Make.isWhole(connection))
    }
  }

  @Test func `a table that is not there is named by its SQLSTATE`() throws {
    let test = try Self.withTable()
    let error = #expect(throws: DatabaseError.self) {
      try test.database.withConnection { try $0.copyIn("COPY absent FROM STDIN") { _ in } }
    }
    #expect(error?.sqlstate == "42P01")
  }

  @Test func `a server that goes away in the middle is a lost connection`() throws {
    let test = try Self.withTable()
    let error = #expect(throws: DatabaseError.self) {
      try test.database.withConnection { connection in
        try connection.copyIn("COPY t (id) FROM STDIN") { writer in
          try writer.write("1\n")
          try test.database.withConnection { other in
            _ = try other.query("SELECT pg_terminate_backend(\(connection.backendPID), 60000)")
          }
          for id in 2..<1_000_000 { try writer.writeRow([id]) }
        }
      }
    }
    #expect(error?.code == .connection)
    #expect(try Make.one("SELECT count(*) FROM t", in: test.database).int(0) == 0)
  }
}
