import Database
import Engine
import TestSupport
import Testing

@Suite(.serialized) struct `A handler's role` {
  let own: TestDatabase
  let guests: GuestDatabase
  let role: String

  init() throws {
    own = try TestDatabase.make(
      TestTemplate("guest_rights") { database in
        _ = try Migrator(database, migrations: Installation.migrations).migrate()
        try database.withConnection {
          try $0.executeScript("CREATE SCHEMA pgstac; CREATE TABLE pgstac.items (n int); CREATE TABLE public.t (n int)")
        }
      })
    let configuration = try own.makeGuest()
    guests = GuestDatabase(configuration)
    role = String(configuration.url.dropFirst("postgresql://".count).prefix { $0 != "@" })
  }

  /// The SQLSTATE of each statement, `nil` where it passed, in a session of their own.
  private func states(_ statements: [String], _ options: GuestOptions = GuestOptions()) throws -> [String?] {
    let session = try guests.begin(options)
    defer { guests.giveBack(session) }
    return statements.map { statement in
      do {
        _ = try session.exec(statement, []) { false }
        return nil
      } catch { return (error as? GuestError)?.sqlstate ?? "none" }
    }
  }

  @Test(arguments: [
    "SET ROLE weir", "SET SESSION AUTHORIZATION weir", "SELECT * FROM app.jobs", "SELECT * FROM pgstac.items", "SELECT * FROM public.t",
    "DELETE FROM app.leases", "CREATE TABLE app.x (n int)", "CREATE TABLE public.x (n int)", "CREATE TABLE pgstac.x (n int)",
    "DROP SCHEMA app CASCADE", "CREATE SCHEMA other", "ALTER SCHEMA geo RENAME TO old", "DROP SCHEMA geo",
    "COPY (SELECT 1) TO PROGRAM 'id'", "COPY pg_class TO '/tmp/out'", "COPY pg_class FROM '/etc/passwd'",
    "SELECT pg_read_file('/etc/passwd')", "SELECT pg_read_binary_file('PG_VERSION')", "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')", "SELECT lo_export(1, '/tmp/out')", "CREATE ROLE other SUPERUSER", "ALTER ROLE weir PASSWORD 'x'",
    "ALTER SYSTEM SET archive_command = 'id'", "CREATE EXTENSION dblink", "CREATE EXTENSION postgres_fdw", "CREATE DATABASE other",
    "ALTER DATABASE postgres SET search_path = geo", "SELECT pg_reload_conf()", "SELECT rolpassword FROM pg_authid",
    "CREATE FUNCTION geo.f() RETURNS int LANGUAGE c AS 'libc.so.6', 'getpid'",
    "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION geo.f()",
    "LOAD '/tmp/x.so'", "SET session_preload_libraries = 'x'", "SET session_replication_role = replica", "SET log_statement = 'all'",
    "GRANT weir TO CURRENT_USER", "REASSIGN OWNED BY weir TO CURRENT_USER",
  ])
  func `has no right to`(statement: String) throws {
    let state = try states([statement], GuestOptions(commitsEach: true))[0]
    #expect(["42501", "0A000", "42704", "42883"].contains(state), "\(statement): \(state ?? "passed")")
    if !statement.contains("EVENT") { #expect(state == "42501", "\(statement): \(state ?? "passed")") }
  }

  @Test func `is left by no statement`() throws {
    let session = try guests.begin(GuestOptions())
    defer { guests.giveBack(session) }
    for statement in [
      "RESET ROLE", "SET ROLE NONE", "SET SESSION AUTHORIZATION DEFAULT", "RESET SESSION AUTHORIZATION", "RESET ALL",
      "DO $$ BEGIN EXECUTE 'RESET ROLE'; END $$",
    ] {
      _ = try session.exec(statement, []) { false }
      let who = try session.exec("SELECT session_user, current_user", []) { false }
      #expect(String(decoding: who.json, as: UTF8.self).contains(#"[["\#(role)","\#(role)"]]"#), "\(statement)")
    }
  }

  @Test func `ends no session of Weir's`() throws {
    let pid = try own.database.withConnection { try $0.query("SELECT pg_backend_pid()").one().int(0) }
    #expect(try states(["SELECT pg_terminate_backend(\(pid))"]) == ["42501"])
    #expect(try states(["SELECT pg_cancel_backend(\(pid))"]) == ["42501"])
  }

  @Test func `sees of other sessions nothing that they say`() throws {
    let session = try guests.begin(GuestOptions())
    defer { guests.giveBack(session) }
    let seen = try session.exec("SELECT DISTINCT query FROM pg_stat_activity WHERE usename = 'weir'", []) { false }
    #expect(String(decoding: seen.json, as: UTF8.self).contains(#"[["<insufficient privilege>"]]"#))
  }

  @Test func `what it set for itself does not stand above what Weir sets`() throws {
    #expect(
      try states(
        ["ALTER ROLE \(role) SET datestyle = 'German'", "ALTER ROLE \(role) SET default_transaction_read_only = on"],
        GuestOptions(commitsEach: true)) == [nil, nil])
    let fresh = GuestDatabase(guests.configuration)
    let session = try fresh.begin(GuestOptions())
    defer { fresh.giveBack(session) }
    let answer = try session.exec("SELECT date '2026-11-23', current_setting('transaction_read_only')", []) { false }
    #expect(String(decoding: answer.json, as: UTF8.self).contains(#"[["2026-11-23","off"]]"#))
  }
}

@Suite(.serialized) struct `A login for handlers` {
  let own: TestDatabase

  init() throws {
    own = try TestDatabase.make(
      TestTemplate("guest_logins") { database in
        _ = try Migrator(database, migrations: Installation.migrations).migrate()
      })
  }

  private func refusal(_ configuration: GuestConfiguration) throws -> String? {
    do {
      let guests = GuestDatabase(configuration)
      guests.giveBack(try guests.begin(GuestOptions()))
      return nil
    } catch { return "\(error.code == .unsafeLogin ? "" : "not judged: ")\(error.message)" }
  }

  private func text(_ findings: String) -> String {
    "database \"geo\": Weir does not let handlers in under this login: \(findings). The operator must name a role without these rights."
  }

  private func role(of configuration: GuestConfiguration) -> String {
    String(configuration.url.dropFirst("postgresql://".count).prefix { $0 != "@" })
  }

  @Test func `of a superuser is refused`() throws {
    #expect(try refusal(GuestConfiguration(name: "geo", url: own.url)) == text("role weir is a superuser"))
  }

  @Test(arguments: [
    ("CREATEROLE", "role ROLE may create roles"), ("CREATEDB", "role ROLE may create databases"),
    ("REPLICATION", "role ROLE may replicate"), ("BYPASSRLS", "role ROLE bypasses row security"),
    ("IN ROLE pg_read_server_files", "it is a member of pg_read_server_files"),
    ("IN ROLE pg_execute_server_program", "it is a member of pg_execute_server_program"),
    ("IN ROLE weir", "role weir is a superuser"),
  ])
  func `that can do more than it needs is refused, with what it could do`(attributes: String, finding: String) throws {
    let guest = try own.makeGuest(attributes: attributes)
    let refused = try #require(try refusal(guest))
    #expect(refused.contains(finding.replacing("ROLE", with: role(of: guest))), "\(refused)")
  }

  @Test(arguments: [
    ("GRANT USAGE ON SCHEMA app TO ROLE", "role ROLE may use schema app, where Weir keeps its tables"),
    ("GRANT CREATE ON SCHEMA public TO ROLE", "role ROLE may create objects in schema public, which Weir searches"),
  ])
  func `with a way into Weir's own schemas is refused`(grant: String, finding: String) throws {
    let guest = try own.makeGuest()
    let role = role(of: guest)
    try own.database.withConnection { try $0.executeScript(grant.replacing("ROLE", with: role)) }
    #expect(try refusal(guest) == text(finding.replacing("ROLE", with: role)))
  }

  @Test func `that owns the database is refused`() throws {
    let guest = try own.makeGuest()
    let role = role(of: guest)
    try own.database.withConnection { connection in
      let name = try connection.query("SELECT current_database()").one().string(0)
      _ = try connection.execute("ALTER DATABASE \(identifier: name) OWNER TO \(identifier: role)")
    }
    #expect(try refusal(guest)?.contains("it is a member of pg_database_owner") == true)
  }

  @Test func `may be one that can do nothing but become the role`() throws {
    var guest = try own.makeGuest()
    let role = role(of: guest)
    try own.database.withConnection { try $0.executeScript("CREATE ROLE \(role)_login LOGIN NOINHERIT IN ROLE \(role)") }
    guest.url = own.url(user: "\(role)_login")
    guest.role = role
    let guests = GuestDatabase(guest)
    for _ in 0..<2 {
      let session = try guests.begin(GuestOptions())
      let created = try session.exec("SELECT session_user, current_user", []) { false }
      #expect(String(decoding: created.json, as: UTF8.self).contains(#"[["\#(role)_login","\#(role)"]]"#))
      _ = try session.exec("RESET ROLE", []) { false }
      let error = #expect(throws: GuestError.self) { _ = try session.exec("CREATE TABLE geo.a (n int)", []) { false } }
      #expect(error?.sqlstate == "42501")
      guests.giveBack(session)
    }
  }

  @Test func `of a server that is away is told apart`() throws {
    let refused = try refusal(GuestConfiguration(name: "geo", url: "postgresql://x@/y?host=/nowhere"))
    #expect(refused == "not judged: database \"geo\": it cannot be reached, or refuses the login; the host's log has the reason")
  }

  @Test func `in the private cluster is made, and made right again, at every start`() throws {
    for _ in 0..<2 { try GuestRole.geo.ensure(in: own.database) }
    let guests = GuestDatabase(GuestConfiguration(name: "geo", url: own.url(user: "weir_geo")))
    let session = try guests.begin(GuestOptions())
    defer { guests.giveBack(session) }
    _ = try session.exec("CREATE TABLE geo.curated_a (n int)", []) { false }
    try session.end(commits: true) { false }
  }
}
