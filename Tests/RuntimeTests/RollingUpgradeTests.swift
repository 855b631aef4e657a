import Database
import Engine
import Glibc
import Runtime
import TestSupport
import Testing
import Workflow

@Suite struct `A rolling upgrade` {
  let house: House

  init() throws { house = try House() }

  private static let naps = #"""
    [{"id": "list", "handler": "noop.emit", "params": {"count": 60}},
     {"id": "nap", "handler": "noop.sleep", "needs": ["list"], "for_each": {"items_of": "list"}, "params": {"ms": 40}},
     {"id": "last", "handler": "noop.echo", "needs": ["nap"], "params": {"n": "${stages.nap.totals.tasks}"}}]
    """#

  /// What a later weir may bring: only additions.
  private var later: Migration {
    Migration(
      number: (Installation.migrations.map(\.number).max() ?? 0) + 1, name: "later",
      sql: """
        ALTER TABLE jobs ADD COLUMN later text;
        ALTER TABLE stages ADD COLUMN later text NOT NULL DEFAULT 'x';
        ALTER TABLE ready ADD COLUMN later integer NOT NULL DEFAULT 1;
        ALTER TABLE leases ADD COLUMN later text[];
        ALTER TABLE attempts ADD COLUMN later jsonb;
        ALTER TABLE stage_counters ADD COLUMN later integer NOT NULL DEFAULT 0;
        CREATE TABLE later_things (id bigint PRIMARY KEY);
        """)
  }

  @Test func `the older host works on while a newer one migrates, and both do the job, each with its own build`() async throws {
    let house = house
    let later = later
    try await onOwnThread {
      let older = try house.host([try house.plugin("Noop", House.noop)])
      defer { older.stop() }
      let job = try house.submit(Self.naps)
      try until { try house.number("SELECT coalesce(sum(completed), 0)::int FROM stage_counters") >= 5 }
      #expect(try Migrator(house.own.database, migrations: Installation.migrations + [later]).migrate().map(\.name) == ["later"])
      let newer = try house.host([try house.rebuilt("Noop", House.noop)])
      defer { newer.stop() }
      let view = try house.finished(job)
      #expect(view.state == .completed && view.stages.map(\.counts.completed) == [1, 60, 1])
      let hosts = try house.engine.views.hosts()
      #expect(Set(hosts.flatMap(\.handlers).filter { $0.name == "noop.sleep" }.map(\.libraryHash)).count == 2, "not two builds")
      #expect(
        try house.number("SELECT count(DISTINCT host_id) FROM attempts a JOIN stages s ON s.id = a.stage_id WHERE s.name = 'nap'") == 2)
      #expect(try house.number("SELECT count(*) FROM attempts WHERE outcome <> 'completed'") == 0)
    }
  }

  @Test func `migrations only add, so that older hosts can run on`() {
    for migration in Installation.migrations {
      let words = migration.sql.uppercased()
      for danger in ["DROP TABLE", "DROP COLUMN", "RENAME ", "ALTER COLUMN", "TRUNCATE"] {
        #expect(!words.contains(danger), "migration \(migration.number) (\(migration.name)): \(danger)")
      }
    }
  }
}
