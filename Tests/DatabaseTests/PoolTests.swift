import Database
import TestSupport
import Testing

@Suite struct PoolTests {
  @Test func `connections are used again, and no more are opened than allowed`() async throws {
    let test = try TestDatabase.make { $0.poolSize = 3 }
    let pids = try await withThrowingTaskGroup(of: Int32.self) { group in
      for _ in 0..<60 {
        group.addTask { try await test.database.perform { $0.backendPID } }
      }
      return try await group.reduce(into: Set<Int32>()) { $0.insert($1) }
    }
    #expect((1...3).contains(pids.count))
  }

  @Test func `a pool in full use says so after its timeout`() throws {
    let test = try TestDatabase.make {
      $0.poolSize = 1
      $0.poolTimeout = .milliseconds(30)
    }
    try test.database.withConnection { _ in
      let error = #expect(throws: DatabaseError.self) { try test.database.withConnection { _ in } }
      #expect(
        error?.description
          == "all 1 database connections were in use for 30 ms. Raise the pool's size, or look for a transaction that holds its connection for long (pg_stat_activity)."
      )
    }
    #expect(throws: Never.self) { try test.database.withConnection { _ in } }
  }

  @Test func `no async caller waits longer than the timeout either`() async throws {
    let test = try TestDatabase.make {
      $0.poolSize = 1
      $0.poolTimeout = .milliseconds(50)
    }
    let (held, release) = (Meeting(of: 2), Meeting(of: 2))
    async let holder: Void = onOwnThread {
      try test.database.withConnection { _ in
        held.wait()
        release.wait()
      }
    }
    try await onOwnThread { held.wait() }
    await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          let error = await #expect(throws: DatabaseError.self) { try await test.database.perform { _ in } }
          #expect(error?.code == .poolExhausted(size: 1, waited: .milliseconds(50)))
        }
      }
    }
    try await onOwnThread { release.wait() }
    try await holder
  }

  @Test func `a connection that died idle is replaced unnoticed`() throws {
    let test = try TestDatabase.make()
    let first = try test.database.withConnection { $0.backendPID }
    let other = Database(DatabaseConfiguration(url: test.url))
    let ended = try Make.one("SELECT pg_terminate_backend(\(first), 60000)", in: other).bool(0)
    #expect(ended)
    let second = try test.database.withConnection { connection in
      try connection.query("SELECT pg_backend_pid()").one().int(0)
    }
    #expect(second != Int(first))
  }

  @Test func `a connection that dies in use is an error once, and replaced`() throws {
    let test = try TestDatabase.make()
    let error = #expect(throws: DatabaseError.self) {
      try test.database.withConnection { _ = try $0.query("SELECT pg_terminate_backend(pg_backend_pid())") }
    }
    #expect(error?.code == .connection)
    #expect(error?.sqlstate == "57P01")
    #expect(error?.isUnreachable == true)
    #expect(throws: Never.self) { try Make.one("SELECT 1", in: test.database) }
  }

  @Test func `a transaction that was left open by hand is rolled back`() throws {
    let test = try TestDatabase.make { $0.poolSize = 1 }
    try test.database.withConnection { try $0.executeScript("CREATE TABLE t (n int)") }
    try test.database.withConnection { try $0.executeScript("BEGIN; INSERT INTO t VALUES (1)") }
    #expect(try Make.one("SELECT count(*) FROM t", in: test.database).int(0) == 0)
  }

  @Test func `a closed database refuses in words`() async throws {
    let test = try TestDatabase.make()
    test.database.close()
    let error = #expect(throws: DatabaseError.self) { try test.database.withConnection { _ in } }
    #expect(error?.message == "the database has been closed.")
    await #expect(throws: DatabaseError.self) { try await test.database.perform { _ in } }
  }

  @Test(arguments: [DatabaseConfiguration.SettingsDelivery.startup, .statements])
  func `settings reach every session, whatever their letters`(delivery: DatabaseConfiguration.SettingsDelivery) throws {
    let test = try TestDatabase.make { configuration in
      configuration.settings = [.init("search_path", "app, public"), .init("weir.odd", #"it's a \ "b""#)]
      configuration.settingsDelivery = delivery
      configuration.statementTimeout = .seconds(77)
    }
    let row = try Make.one(
      "SELECT current_setting('search_path') AS p, current_setting('weir.odd') AS o, current_setting('statement_timeout') AS t, current_setting('application_name') AS a",
      in: test.database)
    #expect(try row.string("p") == "app, public")
    #expect(try row.string("o") == #"it's a \ "b""#)
    #expect(try row.string("t") == "77s")
    #expect(try row.string("a") == "weir")
  }

  @Test func `settings are left to the login role when asked`() throws {
    let test = try TestDatabase.make { configuration in
      configuration.settings = [.init("search_path", "app")]
      configuration.settingsDelivery = .none
    }
    #expect(try Make.one("SHOW search_path", in: test.database).string(0) == "\"$user\", public")
  }

  @Test func `options of the URL are kept beside the settings`() throws {
    let test = try TestDatabase.make { configuration in
      configuration.url += "&options=-c%20weir.mine%3D5"
      configuration.settings = [.init("search_path", "app")]
    }
    let row = try Make.one("SELECT current_setting('weir.mine') AS m, current_setting('search_path') AS p", in: test.database)
    #expect(try row.string("m") == "5")
    #expect(try row.string("p") == "app")
  }
}
