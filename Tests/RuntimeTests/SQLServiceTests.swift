import Database
import Engine
@testable import Runtime
import Runners
import Synchronization
import TestSupport
import Testing
import Workflow

@Suite(.serialized) struct `weir.sql/1` {
  let house: House
  let guest: GuestConfiguration
  let plugin: LoadedPlugin

  init() throws {
    house = try House()
    guest = try house.own.makeGuest()
    plugin = try house.plugin("Scripted", House.scripted, grants: #"{"weir.sql/1": {"databases": ["geo", "nowhere"]}}"#)
  }

  private func run(_ params: String) async throws -> Outcome {
    let handler = try #require(plugin.handlers.first { $0.name == "scripted.sql" })
    let single = try house.single(handler, databases: [guest])
    let hearing = SingleCall.Hearing(onLog: { _ in }, onEmitted: { _, _ in }, onProgress: { _, _, _ in })
    return try await onOwnThread { try single.make(params: Array(params.utf8), hearing: hearing) }
  }

  /// What the statements came to, as the handler's result has it.
  private func answers(_ params: String) async throws -> String {
    let outcome = try await run(params)
    #expect(outcome.kind == .completed, "\(outcome.message)")
    return outcome.result?.text ?? ""
  }

  @Test func `runs a handler's transaction: a staging table, a COPY, and a rename into place`() async throws {
    let text = try await answers(
      #"""
      {"database": "geo", "isolation": "repeatable read", "lock_timeout_ms": 5000, "statements": [
        {"sql": "CREATE TABLE geo.staging (id int PRIMARY KEY, name text)"},
        {"sql": "COPY geo.staging FROM STDIN", "copy": ["1\tIta", "lia\n2\t\\N\n"]},
        {"sql": "ALTER TABLE geo.staging RENAME TO curated_countries"},
        {"sql": "SELECT name, $1::int + 1, $2::text FROM geo.curated_countries ORDER BY id", "values": ["41", null]}]}
      """#)
    #expect(
      text
        == #"{"answers":[{"affected":0,"rows":[]},{"affected":2},{"affected":0,"rows":[]},{"affected":2,"rows":[["Italia","42",null],[null,"42",null]]}]}"#
    )
    #expect(try house.number("SELECT count(*) FROM geo.curated_countries") == 2)
  }

  @Test func `has a session free again when it answers`() async throws {
    // the next call comes at once, thousands of times
    let statements = Array(repeating: #"{"sql": "SELECT 1"}"#, count: 3_000).joined(separator: ",")
    let text = try await answers(#"{"database": "geo", "statements": [\#(statements)]}"#)
    #expect(!text.contains("another thread"), "\(text.suffix(300))")
  }

  @Test func `stores nothing of a transaction that its handler gives up`() async throws {
    let text = try await answers(
      #"{"database": "geo", "give_up": true, "statements": [{"sql": "CREATE TABLE geo.a (n int)"}]}"#)
    #expect(text.contains(#""end":"given up""#))
    #expect(try house.number("SELECT count(*) FROM pg_tables WHERE schemaname = 'geo'") == 0)
  }

  @Test(arguments: [
    ("SELECT 1 / 0", 200, "22012"), ("SELECT * FROM app.jobs", 201, "42501"),
    ("INSERT INTO geo.u VALUES (1), (1)", 203, "23505"), ("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$", 100, "40001"),
    ("DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$", 100, "40P01"), ("DO $$ BEGIN RAISE SQLSTATE '55P03'; END $$", 100, "55P03"),
    ("DO $$ BEGIN RAISE SQLSTATE '57P03'; END $$", 100, "57P03"), ("DO $$ BEGIN RAISE SQLSTATE '08006'; END $$", 103, "08006"),
    ("DO $$ BEGIN RAISE SQLSTATE '57014'; END $$", 200, "57014"),
  ])
  func `gives every SQLSTATE its class`(statement: String, status: Int, state: String) async throws {
    let outcome = try await run(
      #"{"database": "geo", "strict": true, "statements": [{"sql": "CREATE TABLE geo.u (n int UNIQUE)"}, {"sql": "\#(statement)"}]}"#)
    #expect(outcome.kind == .failed(status: Int32(status)))
    #expect(outcome.message.hasSuffix("(SQLSTATE \(state))"), "\(outcome.message)")
    #expect(outcome.details?.member("sqlstate")?.string == state)
  }

  @Test(arguments: [
    (
      "COMMIT",
      "database \\\"geo\\\": COMMIT is not for exec: begin() and end() open and end the transaction; inside it there are savepoints"
    ),
    ("SELECT 1; COMMIT", "cannot insert multiple commands into a prepared statement (SQLSTATE 42601)"),
    ("COPY (SELECT 1) TO PROGRAM 'id'", "(SQLSTATE 42501)"),
    ("SELECT pg_read_file('/etc/passwd')", "permission denied for function pg_read_file (SQLSTATE 42501)"),
    ("SET ROLE weir", "permission denied to set role \\\"weir\\\" (SQLSTATE 42501)"),
  ])
  func `lets no thief out of its transaction or role`(statement: String, message: String) async throws {
    let text = try await answers(#"{"database": "geo", "give_up": true, "statements": [{"sql": "\#(statement)"}]}"#)
    #expect(text.contains(message), "\(text)")
  }

  @Test(arguments: [
    ("other", 201, #"database "other": the plugin's manifest does not grant weir.sql/1 for it"#),
    ("nowhere", 202, #"database "nowhere": the configuration names none such under "databases", it has "geo""#),
  ])
  func `offers what is granted and configured, and nothing else`(name: String, status: Int, message: String) async throws {
    let outcome = try await run(#"{"database": "\#(name)", "strict": true, "statements": []}"#)
    #expect(outcome.kind == .failed(status: Int32(status)))
    #expect(outcome.message == "database \(name): \(message)")
  }

  @Test(arguments: [
    (#""isolation": "chaos""#, #"options: isolation is "chaos", it can be "read committed", "repeatable read", "serializable""#),
    (
      #""isolation": "serializable", "autocommit": true"#,
      "options: with autocommit there is no transaction that isolation or read_only could be of"
    ),
    (#""lock_timeout_ms": 0"#, #"options: "lock_timeout_ms" is 0, expected is a whole number above 0"#),
    (#""lock_timeout_ms": "1s""#, #"options: "lock_timeout_ms" is "1s", expected is a whole number above 0"#),
    (#""patience": 1"#, #"options: there is no member "patience", only isolation, read_only, lock_timeout_ms, autocommit"#),
  ])
  func `refuses options that it does not know or cannot follow`(options: String, message: String) throws {
    let error = #expect(throws: ServiceFault.self) { _ = try GuestOptions(json: "{\(options)}") }
    #expect(error?.message == message)
    #expect(error?.status == (options.contains("patience") ? 205 : 300))
  }

  @Test func `ends the statement and the transaction of a task that is cancelled`() async throws {
    try await onOwnThread { [house, plugin, guest] in
      let host = try house.host([plugin], databases: [guest])
      defer { host.stop() }
      let job = try house.submit(
        #"[{"id": "a", "handler": "scripted.leave", "params": {"database": "geo", "sql": "CREATE TABLE geo.a (n int)"}}]"#)
      let sleeping: SQL =
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND state = 'active' AND pid <> pg_backend_pid()"
      #expect(try until { try house.number(sleeping) == 1 })
      try house.engine.control.cancel(job, by: .system)
      host.poke()
      #expect(try house.finished(job).state == .cancelled)
      #expect(try until { try house.number(sleeping) == 0 })
      #expect(try house.number("SELECT count(*) FROM pg_tables WHERE schemaname = 'geo'") == 0)
    }
  }

  @Test func `aborts what a handler that died had open, and lends its place on`() async throws {
    var one = guest
    one.connections = 1
    let job = try await house.run(
      #"""
      [{"id": "a", "handler": "scripted.leave", "tolerate": "1", "params": {"database": "geo", "sql": "CREATE TABLE geo.a (n int)", "dies": true}},
       {"id": "b", "handler": "scripted.sql", "needs": ["a"], "for_each": {"array": "${params.list}"},
        "params": {"database": "geo", "statements": [{"sql": "SELECT to_regclass('geo.a')"}]}}]
      """#, params: #"{"list": [1, 2, 3, 4]}"#, on: [plugin], databases: [one])
    #expect(job.stages[1].counts.completed == 4)
    #expect(try house.number("SELECT count(*) FROM pg_tables WHERE schemaname = 'geo'") == 0)
  }
}

@Suite struct `The places on a database` {
  @Test func `go round in the order of asking, and one task has no more than half of them`() {
    let places = SessionPlaces(4)
    let started = Mutex<[String]>([])
    func take(_ token: Int64, _ name: String) -> Bool { places.take(for: token) { started.withLock { $0.append(name) } } }
    #expect(take(1, "1a") && take(1, "1b") && !take(1, "1c"))
    #expect(take(2, "2a") && take(2, "2b") && take(3, "3a") && take(4, "4a") && take(3, "3b"))
    #expect(started.withLock { $0 } == ["1a", "1b", "2a", "2b"])
    places.giveBack(from: 1)
    #expect(started.withLock { $0.last } == "3a")
    #expect(take(1, "1c"))
    places.forget(4)
    places.giveBack(from: 2)
    #expect(started.withLock { $0.last } == "3b")
    places.giveBack(from: 2)
    #expect(started.withLock { $0.last } == "1c")
    places.giveBack(from: 3)
    #expect(take(5, "5a") && started.withLock { $0.last } == "5a")
  }

  @Test func `wait without a thread`() {
    let places = SessionPlaces(1)
    let started = Atomic(0)
    for token in 1...1000 { #expect(places.take(for: Int64(token)) { started.wrappingAdd(1, ordering: .relaxed) }) }
    #expect(started.load(ordering: .relaxed) == 1)
    for token in 1...1000 { places.giveBack(from: Int64(token)) }
    #expect(started.load(ordering: .relaxed) == 1000)
  }
}
