import Database
import Synchronization
import TestSupport
import Testing

@Suite(.serialized) struct `A handler's COPY` {
  let own: TestDatabase
  let guests: GuestDatabase

  init() throws {
    own = try TestDatabase.make()
    guests = GuestDatabase(try own.makeGuest())
    let session = try guests.begin(GuestOptions())
    _ = try session.exec("CREATE TABLE geo.a (n int, t text)", []) { false }
    try session.end(commits: true) { false }
    guests.giveBack(session)
  }

  private func session<T>(_ options: GuestOptions = GuestOptions(), _ body: (GuestSession) throws -> T) throws -> T {
    let session = try guests.begin(options)
    defer { guests.giveBack(session) }
    return try body(session)
  }

  private func rows() throws -> Int {
    try own.database.withConnection { try $0.query("SELECT count(*) FROM geo.a").one().int(0) }
  }

  private static let binary: [UInt8] =
    Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0, 0] + [0, 2, 0, 0, 0, 4, 0, 0, 0, 7, 0, 0, 0, 1, 0x78] + [
      0xFF, 0xFF,
    ]

  @Test(arguments: [
    ("COPY geo.a FROM STDIN", Array("1\ta\\tb\n2\t\\N\n".utf8), 2),
    ("copy geo.a (n, t) from stdin with (format csv, header)", Array("n,t\n1,\"a\nb\"\n".utf8), 1),
    ("COPY geo.a FROM STDIN (FORMAT binary)", Self.binary, 1),
  ])
  func `takes text, csv and binary, cut anywhere`(sql: String, data: [UInt8], count: Int) throws {
    try session { session in
      try session.copyIn(sql) { false }
      for byte in data { try session.copyData([byte]) { false } }
      #expect(try session.copyEnd { false } == count)
      try session.end(commits: true) { false }
    }
    #expect(try rows() == count)
  }

  @Test func `says at its end what was wrong with the data`() throws {
    try session { session in
      try session.copyIn("COPY geo.a FROM STDIN") { false }
      try session.copyData(Array("1\ta\nx\tb\n".utf8)[...]) { false }
      let error = #expect(throws: GuestError.self) { _ = try session.copyEnd { false } }
      #expect(error?.sqlstate == "22P02")
      #expect(error?.message == #"database "geo": invalid input syntax for type integer: "x" (SQLSTATE 22P02)"#)
      #expect(throws: GuestError.self) { try session.end(commits: true) { false } }
    }
    #expect(try rows() == 0)
  }

  @Test func `that is still open when its transaction ends stores nothing, and says so`() throws {
    for options in [GuestOptions(), GuestOptions(commitsEach: true)] {
      try session(options) { session in
        try session.copyIn("COPY geo.a FROM STDIN") { false }
        try session.copyData(Array("1\ta\n".utf8)[...]) { false }
        let other = #expect(throws: GuestError.self) { _ = try session.exec("SELECT 1", []) { false } }
        #expect(other?.message == #"database "geo": a COPY is open: copy_end() it first"#)
        let error = #expect(throws: GuestError.self) { try session.end(commits: true) { false } }
        #expect(error?.code == .rolledBack && error?.message.contains("a COPY was still open") == true)
      }
    }
    #expect(try rows() == 0)
  }

  @Test(arguments: [
    ("DELETE FROM geo.a", "copy_in takes COPY ... FROM STDIN, nothing else"),
    ("COPY geo.a TO STDOUT", "it is not COPY ... FROM STDIN"),
  ])
  func `is COPY FROM STDIN and nothing else`(sql: String, message: String) throws {
    try session { session in
      let error = #expect(throws: GuestError.self) { try session.copyIn(sql) { false } }
      #expect(error?.message == "database \"geo\": \(message)")
      let data = #expect(throws: GuestError.self) { try session.copyData([1]) { false } }
      #expect(data?.message == #"database "geo": no COPY is open"#)
    }
  }

  @Test(arguments: [
    ("COPY geo.a FROM STDIN", "COPY ... FROM STDIN is for copy_in"),
    ("COPY geo.a TO STDOUT", "COPY ... TO STDOUT is not offered: SELECT, or DECLARE a cursor and FETCH"),
  ])
  func `does not begin by exec`(sql: String, message: String) throws {
    try session { session in
      let error = #expect(throws: GuestError.self) { _ = try session.exec(sql, []) { false } }
      #expect(error?.message == "database \"geo\": \(message)")
      let next = #expect(throws: GuestError.self) { _ = try session.exec("SELECT 1", []) { false } }
      #expect(next?.sqlstate == "25P02")
    }
  }

  @Test func `of two statements is refused`() throws {
    try session { session in
      let error = #expect(throws: GuestError.self) { try session.copyIn("COPY geo.a FROM STDIN; COMMIT") { false } }
      #expect(error?.sqlstate == "42601")
    }
  }

  @Test func `waits while the server is behind, and ends when the task is cancelled`() throws {
    // a row of the handler waits for a lock: the server stops reading, and so must the host
    try session { session in
      for sql in [
        "CREATE FUNCTION geo.wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(77); RETURN NEW; END $$",
        "CREATE TRIGGER wait BEFORE INSERT ON geo.a FOR EACH ROW EXECUTE FUNCTION geo.wait()",
      ] { _ = try session.exec(sql, []) { false } }
      try session.end(commits: true) { false }
    }
    let piece = Array(String(repeating: "1\t\(String(repeating: "x", count: 1000))\n", count: 1000).utf8)
    try own.database.withConnection { holder in
      _ = try holder.query("SELECT pg_advisory_lock(77)")
      try session { session in
        try session.copyIn("COPY geo.a FROM STDIN") { false }
        let asked = Atomic(0)
        let sent = Atomic(0)
        let error = #expect(throws: GuestError.self) {
          while true {
            try session.copyData(piece[...]) { asked.wrappingAdd(1, ordering: .relaxed).oldValue > 20 }
            sent.wrappingAdd(1, ordering: .relaxed)
          }
        }
        #expect(error?.code == .cancelled)
        #expect(sent.load(ordering: .relaxed) < 8, "sockets hold less than 8 MB")
      }
      _ = try holder.query("SELECT pg_advisory_unlock(77)")
    }
    #expect(try rows() == 0)
  }
}
