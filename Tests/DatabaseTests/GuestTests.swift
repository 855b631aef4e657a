import Database
import Synchronization
import TestSupport
import Testing

/// A database with a guest's schema, and sessions of the guest on it.
private struct GuestHouse {
  let own: TestDatabase
  let guests: GuestDatabase

  init(connections: Int = 4) throws {
    own = try TestDatabase.make()
    guests = GuestDatabase(try own.makeGuest(connections: connections))
  }

  func session<T>(_ options: GuestOptions = GuestOptions(), _ body: (GuestSession) throws -> T) throws -> T {
    let session = try guests.begin(options)
    defer { guests.giveBack(session) }
    return try body(session)
  }

  func number(_ sql: SQL) throws -> Int { try own.database.withConnection { try $0.query(sql).one().int(0) } }
}

extension GuestSession {
  @discardableResult
  fileprivate func run(_ sql: String, _ values: [String?] = []) throws -> String {
    let answer = try exec(sql, values.map { $0.map { Array($0.utf8)[...] } }) { false }
    return String(decoding: answer.json, as: UTF8.self)
  }

  fileprivate func copy(_ text: String) throws { try copyData(Array(text.utf8)[...]) { false } }
  fileprivate func commit() throws { try end(commits: true) { false } }

  /// The error of a statement that must not pass.
  fileprivate func refusal(_ sql: String, _ values: [String?] = []) -> GuestError? {
    do {
      try run(sql, values)
      return nil
    } catch { return error as? GuestError }
  }
}

@Suite(.serialized) struct `A handler's session` {
  private let house: GuestHouse

  init() throws { house = try GuestHouse() }

  @Test func `answers with columns, rows as text and the number of rows`() throws {
    try house.session { session in
      let answer = try session.run(
        "SELECT $1::int + 1 AS n, $2 AS \"a \"\"b\"\"\", $3::text AS c, true AS t, '{1,2}'::int[] AS l", ["41", "x\"\\\n\u{1}é", nil])
      #expect(
        answer == #"{"columns":["n","a \"b\"","c","t","l"],"rows":[["42","x\"\\\n\u0001é",null,"t","{1,2}"]],"affected":1}"#)
      #expect(try session.run("SELECT 1 AS a WHERE false") == #"{"columns":["a"],"rows":[],"affected":0}"#)
      #expect(try session.run("CREATE TABLE geo.a (n int, t text)") == #"{"columns":[],"rows":[],"affected":0}"#)
      #expect(try session.run("INSERT INTO geo.a SELECT n FROM generate_series(1, 3) n") == #"{"columns":[],"rows":[],"affected":3}"#)
      #expect(
        try session.run("UPDATE geo.a SET t = $1 WHERE n < 3 RETURNING n", [""]) == #"{"columns":["n"],"rows":[["1"],["2"]],"affected":2}"#)
      #expect(
        try session.run("SELECT t IS NULL, t = '' FROM geo.a WHERE n = 1")
          == #"{"columns":["?column?","?column?"],"rows":[["f","t"]],"affected":1}"#)
    }
  }

  @Test func `stores with its end and not without`() throws {
    try house.session { session in
      try session.run("CREATE TABLE geo.a (n int)")
      try session.commit()
    }
    try house.session { _ = try $0.run("INSERT INTO geo.a VALUES (1)") }
    #expect(try house.number("SELECT count(*) FROM geo.a") == 0)
    try house.session { session in
      try session.run("INSERT INTO geo.a VALUES (2)")
      try session.end(commits: false) { false }
    }
    #expect(try house.number("SELECT count(*) FROM geo.a") == 0)
  }

  @Test func `takes after a failure only ROLLBACK TO and its end`() throws {
    try house.session { session in
      try session.run("CREATE TABLE geo.a (n int UNIQUE)")
      try session.run("SAVEPOINT s")
      try session.run("INSERT INTO geo.a VALUES (1)")
      #expect(session.refusal("INSERT INTO geo.a VALUES (1)")?.sqlstate == "23505")
      #expect(session.refusal("SELECT 1")?.sqlstate == "25P02")
      try session.run("rollback /* all of it */ work to savepoint s")
      try session.run("INSERT INTO geo.a VALUES (2)")
      #expect(session.refusal("SELECT 1 / 0")?.sqlstate == "22012")
      let ended = #expect(throws: GuestError.self) { try session.commit() }
      #expect(ended?.code == .rolledBack)
    }
    #expect(try house.number("SELECT count(*) FROM pg_tables WHERE schemaname = 'geo'") == 0)
  }

  @Test(arguments: [
    "COMMIT", "commit and chain", " \n\t END", "ROLLBACK", "rollback and chain", "ABORT", "BEGIN", "START TRANSACTION",
    "PREPARE TRANSACTION 'x'", "COMMIT PREPARED 'x'", "ROLLBACK PREPARED 'x'", "-- a\nCOMMIT", "/* a /* b */ c */ COMMIT", ";; COMMIT",
    "/**/;--\r/* */CoMmIt",
  ])
  func `lets no statement end its transaction`(statement: String) throws {
    try house.session { session in
      try session.run("CREATE TABLE geo.a (n int)")
      let refused = session.refusal(statement)
      #expect(refused?.code == .misuse)
      #expect(refused?.message.contains("is not for exec: begin() and end() open and end the transaction") == true)
      #expect(try session.run("SELECT 1") == #"{"columns":["?column?"],"rows":[["1"]],"affected":1}"#)
    }
    #expect(try house.number("SELECT count(*) FROM pg_tables WHERE schemaname = 'geo'") == 0)
  }

  @Test(arguments: ["SELECT 1; COMMIT", "SELECT 1;;COMMIT;", "SAVEPOINT a; ROLLBACK", "SELECT 1; SELECT 2"])
  func `takes one statement at a time`(statement: String) throws {
    try house.session { session in
      #expect(session.refusal(statement)?.sqlstate == "42601")
    }
  }

  @Test(arguments: ["DO $$ BEGIN COMMIT; END $$", "DO $$ BEGIN EXECUTE 'ROLLBACK'; END $$", "CALL geo.ends()"])
  func `lets no block end its transaction`(statement: String) throws {
    try house.session { session in
      try session.run("CREATE TABLE geo.a (n int)")
      try session.run("CREATE PROCEDURE geo.ends() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$")
      #expect(["2D000", "0A000"].contains(session.refusal(statement)?.sqlstate))
    }
    #expect(try house.number("SELECT count(*) FROM pg_tables WHERE schemaname = 'geo'") == 0)
  }

  @Test(arguments: [
    "SET TRANSACTION READ WRITE", "SELECT set_config('transaction_read_only', 'off', true)", "SET transaction_read_only = off",
    "CREATE TABLE geo.a (n int)",
  ])
  func `that is read-only stays so`(statement: String) throws {
    try house.session(GuestOptions(access: .readOnly)) { session in
      #expect(["25001", "25006"].contains(session.refusal(statement)?.sqlstate))
    }
  }

  @Test func `has the isolation and the lock timeout that it was opened with`() throws {
    try house.session { session in
      try session.run("CREATE TABLE geo.a (n int)")
      try session.commit()
    }
    for (isolation, name) in [
      (Isolation.repeatableRead, "repeatable read"), (.serializable, "serializable"), (.serverDefault, "read committed"),
    ] {
      try house.session(GuestOptions(isolation: isolation)) { session in
        let shown = try session.run("SHOW transaction_isolation")
        #expect(shown.contains(#"[["\#(name)"]]"#))
      }
    }
    try house.session { holder in
      try holder.run("LOCK TABLE geo.a")
      try house.session(GuestOptions(lockTimeout: .milliseconds(20))) { session in
        #expect(session.refusal("SELECT * FROM geo.a")?.sqlstate == "55P03")
      }
    }
  }

  @Test func `runs with autocommit what no transaction takes`() throws {
    try house.session { session in
      try session.run("CREATE TABLE geo.a (n int)")
      try session.commit()
    }
    try house.session { #expect($0.refusal("VACUUM geo.a")?.sqlstate == "25001") }
    try house.session(GuestOptions(commitsEach: true)) { session in
      try session.run("VACUUM geo.a")
      try session.run("INSERT INTO geo.a VALUES (1)")
      #expect(session.refusal("SELECT 1 / 0")?.sqlstate == "22012")
      #expect(session.refusal("BEGIN")?.code == .misuse)
      try session.run("CREATE INDEX CONCURRENTLY ON geo.a (n)")
      try session.commit()
    }
    #expect(try house.number("SELECT count(*) FROM geo.a") == 1)
  }

  @Test func `leaves nothing to the next one`() throws {
    let alone = try GuestHouse(connections: 1)
    let first = try alone.session { session in
      try session.run("SET search_path = geo")
      try session.run("SET SESSION statement_timeout = 1")
      try session.run("SET statement_timeout = 0")
      try session.run("CREATE TEMP TABLE t (n int)")
      try session.run("SELECT pg_advisory_lock(5)")
      try session.run("PREPARE p AS SELECT 1")
      try session.run("LISTEN c")
      try session.run("DECLARE held CURSOR WITH HOLD FOR SELECT 1")
      defer { _ = try? session.commit() }
      return try session.run("SELECT pg_backend_pid()")
    }
    try alone.session { session in
      #expect(try session.run("SELECT pg_backend_pid()") == first)
      let left = try session.run(
        """
        SELECT current_setting('search_path'), to_regclass('t'), (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'),
               (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_listening_channels()),
               (SELECT count(*) FROM pg_cursors WHERE name <> '')
        """)
      #expect(left.contains(#""rows":[["\"$user\", public",null,"0","0","0","0"]]"#))
    }
  }

  @Test func `ends a statement soon after its task is cancelled`() throws {
    try house.session { session in
      let asked = Atomic(0)
      let error = #expect(throws: GuestError.self) {
        _ = try session.exec("SELECT pg_sleep(600)", []) { asked.wrappingAdd(1, ordering: .relaxed).oldValue > 1 }
      }
      #expect(error?.code == .cancelled)
    }
  }

  @Test func `gives no more rows than one answer carries, and the host holds no more`() throws {
    try house.session { session in
      try session.run("SAVEPOINT s")
      let error = session.refusal("SELECT repeat('x', 1000000) FROM generate_series(1, 1000)")
      #expect(error?.code == .tooLarge(limit: (64 << 20) - 64))
      #expect(error?.message == #"database "geo": the rows are more than 64 MiB: DECLARE a cursor and FETCH"#)
      #expect(session.refusal("SELECT 1")?.sqlstate == "25P02")
      try session.run("ROLLBACK TO s")
      try session.run("DECLARE c CURSOR FOR SELECT repeat('x', 1000000) FROM generate_series(1, 1000)")
      #expect(try session.run("FETCH 3 FROM c").utf8.count > 3_000_000)
    }
  }

  @Test func `says what the server says, and its SQLSTATE`() throws {
    try house.session { session in
      let error = session.refusal("SELECT * FROM geo.missing")
      #expect(error?.sqlstate == "42P01")
      #expect(error?.message == #"database "geo": relation "geo.missing" does not exist (SQLSTATE 42P01)"#)
    }
    try house.session { session in
      #expect(session.refusal("SELECT $1", ["a\0b"])?.message == #"database "geo": the value of $1 holds U+0000"#)
      #expect(session.refusal("SELECT 1\0")?.message == #"database "geo": the statement holds U+0000"#)
    }
  }

  @Test func `that is killed says so, and a commit over a dead connection that its outcome is unknown`() throws {
    func kill(_ session: GuestSession) throws {
      let pid = try session.run("SELECT pg_backend_pid()").split(separator: "\"").first { Int($0) != nil }.flatMap { Int($0) } ?? 0
      _ = try house.own.database.withConnection { try $0.query("SELECT pg_terminate_backend(\(pid)::int, 10000)") }
    }
    try house.session { session in
      try kill(session)
      let error = session.refusal("SELECT 1")
      #expect(error?.code == .unreachable || error?.sqlstate == "57P01")
    }
    try house.session { session in
      try kill(session)
      let error = #expect(throws: GuestError.self) { try session.commit() }
      #expect(error?.code == .unreachable || error?.sqlstate == "57P01")
    }
    let next = try house.session { try $0.run("SELECT 1") }
    #expect(next.contains("[[\"1\"]]"))
  }
}
