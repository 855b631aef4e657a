import Database
import TestSupport
import Testing

@Suite struct `Behind a pooler in transaction mode` {
  private func make() throws -> TestDatabase {
    try TestDatabase.make { configuration in
      configuration.settings = [.init("search_path", "pg_catalog,public"), .init("plan_cache_mode", "force_generic_plan")]
      configuration.poolSize = 1
      configuration.behindTransactionPooler()
    }
  }

  @Test func `settings are in force in every statement, script, transaction and COPY, and nothing is left in the session`() throws {
    let test = try make()
    try test.database.withConnection { connection in
      #expect(try connection.query("SHOW search_path").one().string(0) == "pg_catalog,public")
      try connection.executeScript("CREATE TABLE public.seen AS SELECT current_setting('plan_cache_mode') AS mode")
      try connection.transaction(isolation: .serializable) { tx in
        let path = try tx.query("SHOW search_path").one().string(0)
        #expect(path == "pg_catalog,public")
      }
      let copied = try connection.copyIn("COPY seen FROM STDIN") { writer in try writer.write("copied\n") }
      #expect(copied == 1)
      #expect(try connection.query("SELECT string_agg(mode, ' ' ORDER BY mode) FROM seen").one().string(0) == "copied force_generic_plan")
      #expect(try connection.query("SELECT count(*) FROM pg_prepared_statements").one().int(0) == 0)
      // the role's own value, which a session would have lost by a SET
      let left = try connection.query("SELECT reset_val FROM pg_settings WHERE name = 'search_path'").one().string(0)
      #expect(left != "pg_catalog,public")
    }
  }

  @Test func `a statement that fails leaves the session whole and without a transaction`() throws {
    let test = try make()
    try test.database.withConnection { connection in
      #expect(throws: DatabaseError.self) { try connection.query("SELECT 1 / 0") }
      let one = try connection.query("SELECT 1").one().int(0)
      #expect(one == 1)
    }
  }

  @Test func `sessions that last go past it, or are refused`() throws {
    let test = try make()
    #expect(test.database.listen(["jobs"]) == nil)
    #expect(throws: DatabaseError.self) { try test.database.withFreshConnection { _ = try $0.query("SELECT 1") } }
    var configuration = test.database.configuration
    configuration.directURL = test.url
    let database = Database(configuration)
    defer { database.close() }
    let listener = try #require(database.listen(["jobs"]))
    listener.stop()
    let path = try database.withFreshConnection { try $0.query("SHOW search_path").one().string(0) }
    #expect(path == "pg_catalog,public")
  }
}
