import Database
import Engine
import TestSupport
import Testing
import Workflow

/// Each thing that a checkup looks for in a database, planted and found.
@Suite struct `A database's checkup` {
  /// A database as a host leaves it.
  private static let installed = TestTemplate("doctor") { try Installation($0).install() }

  private func facts(
    _ own: TestDatabase, settings: [DatabaseConfiguration.Setting] = Engine.settings, url: String? = nil
  ) throws -> DatabaseFacts {
    let database = Database(DatabaseConfiguration(url: url ?? own.url, poolSize: 1, settings: settings))
    let registry = Database(DatabaseConfiguration(url: url ?? own.url, poolSize: 1, settings: Stac.settings))
    defer {
      database.close()
      registry.close()
    }
    return try DatabaseFacts(database, registry: registry)
  }

  private func bad(_ facts: DatabaseFacts) -> [Finding] {
    // other tests use the server too
    facts.findings.filter { $0.severity > .fine && $0.subject != "database.connections" }
  }

  @Test func `is silent about one that is as it should be`() throws {
    let own = try TestDatabase.make(Self.installed)
    let facts = try facts(own)
    #expect(bad(facts) == [])
    #expect(facts.findings.count == 9)
  }

  @Test func `tells of one that nothing was installed into`() throws {
    let own = try TestDatabase.make()
    let findings = bad(try facts(own))
    #expect(
      findings == [
        Finding(
          .note, "database.pgstac", "the database has no pgSTAC and no PostGIS yet.",
          hint: "weir db migrate installs both; so does weir serve at its start."),
        Finding(
          .note, "database.schema", "Weir's tables are not installed yet.", hint: "weir db migrate, or weir serve at its start."),
      ])
  }

  @Test func `finds what was done to it`() throws {
    let own = try TestDatabase.make(Self.installed)
    try own.database.withConnection { connection in
      try connection.executeScript(
        """
        DELETE FROM app.schema_migrations WHERE number = (SELECT max(number) FROM app.schema_migrations);
        INSERT INTO pgstac.migrations (version, datetime) VALUES ('0.9.9', now() + interval '1 day');
        ALTER TABLE app.ready SET (autovacuum_enabled = false);
        """)
    }
    let findings = bad(try facts(own))
    #expect(findings.map(\.subject) == ["database.pgstac", "database.schema", "database.autovacuum.app.ready"])
    #expect(findings.map(\.severity) == [.error, .warning, .warning])
    #expect(findings[0].message == "the database has pgSTAC 0.9.9, this weir writes to 0.10.0 only.")
    #expect(findings[1].message.hasPrefix("the database is older than this weir: 0"))
    #expect(findings[2].hint == "ALTER TABLE app.ready RESET (autovacuum_enabled);")
  }

  @Test func `finds a schema that is newer than the program`() throws {
    let own = try TestDatabase.make(Self.installed)
    try own.database.withConnection { connection in
      _ = try connection.execute("INSERT INTO app.schema_migrations VALUES (999, 'from_tomorrow', 'x')")
    }
    let findings = bad(try facts(own))
    #expect(findings.map(\.subject) == ["database.schema"])
    #expect(findings[0].severity == .error && findings[0].message.contains("newer than this weir"))
  }

  @Test func `finds a role that may not do its work`() throws {
    let own = try TestDatabase.make(Self.installed)
    let role = "poor_\(UInt32.random(in: 0 ... .max))"
    try own.database.withConnection { connection in
      try connection.executeScript(
        "CREATE ROLE \(role) LOGIN; GRANT USAGE ON SCHEMA app TO \(role); GRANT SELECT ON ALL TABLES IN SCHEMA app TO \(role)")
    }
    // one that stays goes with its cluster
    defer { try? own.database.withConnection { try $0.executeScript("DROP OWNED BY \(role); DROP ROLE \(role)") } }
    let findings = bad(try facts(own, url: own.url.replacing("weir@", with: "\(role)@")))
    let rights = try #require(findings.first { $0.subject == "database.rights" })
    #expect(rights.severity == .error)
    #expect(rights.message.hasPrefix("the role \"\(role)\" lacks INSERT on app."))
    #expect(rights.message.contains(" more."))
  }

  @Test func `finds a pooler that drops the sessions' settings`() throws {
    let own = try TestDatabase.make(Self.installed)
    let findings = bad(try facts(own, settings: []))
    #expect(
      findings == [
        Finding(
          .error, "database.sessions",
          "sessions begin with search_path \"$user\", public, not app, public: a pooler in between drops settings.",
          hint: "Name the server itself in database_url; RUNBOOK.md says how to go through PgBouncer.")
      ])
  }

  @Test func `finds an encoding that holds no other script`() throws {
    let cluster = try TestCluster.shared()
    let name = "ascii_\(UInt32.random(in: 0 ... .max))"
    try cluster.administration.withConnection { connection in
      _ = try connection.execute("CREATE DATABASE \(identifier: name) ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    }
    // one that stays goes with its cluster
    defer { try? cluster.administration.withConnection { _ = try $0.execute("DROP DATABASE \(identifier: name) WITH (FORCE)") } }
    let database = Database(DatabaseConfiguration(url: cluster.url(database: name), poolSize: 1, settings: Engine.settings))
    defer { database.close() }
    let facts = try DatabaseFacts(database, registry: database)
    #expect(facts.findings.first { $0.subject == "database.encoding" }?.message.hasPrefix("the database's encoding is SQL_ASCII") ?? false)
  }

  private static let clocks: [(Duration, Finding.Severity, String)] = [
    (.seconds(1), .fine, "within 1.0 s of this machine's"),
    (.seconds(-7), .warning, "this machine's clock is 7.0 s ahead of the database's: logs of hosts will not fit together."),
    (
      .seconds(900), .error,
      "this machine's clock is 900 s behind the database's: one of the two is wrong, and object stores refuse requests of such a host."
    ),
  ]

  @Test(arguments: clocks)
  func `judges the clock`(ahead: Duration, severity: Finding.Severity, message: String) {
    var facts = DatabaseFacts()
    facts.clockAhead = ahead
    let found = facts.findings.first { $0.subject == "database.clock" }
    #expect(found?.severity == severity && found?.message == message, "\(String(describing: found))")
  }

  @Test func `judges what a test cannot do to a shared server`() {
    var facts = DatabaseFacts()
    facts.serverVersion = 140_011
    facts.encoding = "UTF8"
    facts.isAutovacuumOn = false
    facts.connections = 95
    let looked = ["database.server", "database.autovacuum", "database.connections", "database.pgstac"]
    let findings = facts.findings.filter { looked.contains($0.subject) }
    #expect(findings.map(\.severity) == [.error, .error, .error, .warning])
    #expect(findings[0].message == "PostgreSQL 14.11 is too old, Weir needs 15 or newer.")
    #expect(findings[2].hint == "On the server's machine, if it is Debian: apt-get install postgresql-14-postgis-3")
    #expect(findings[3].message == "95 of the server's 100 connections are in use.")
  }
}
