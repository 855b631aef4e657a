import Database
import TestSupport
import Testing
import Workflow

@testable import Engine

@Suite struct `Objects that a trigger has seen` {
  let desk: Desk
  private var triggers: Triggers { desk.engine.triggers }

  init() throws {
    desk = try Desk()
    try desk.put(Sample.one)
  }

  private func put(_ more: String = "") throws {
    let text = #"{"workflow": "w", "on": {"objects": {"container": "bronze"\#(more)}}, "params": {"key": "${event.key}"}}"#
    _ = try triggers.put("arrivals", TriggerSettings(JSON(parsing: Array(text.utf8))), by: .olga)
  }

  /// One page of a walk; answers how many events were new.
  private func see(_ objects: [SeenObject], next: String? = nil) throws -> Int? {
    try desk.execute("UPDATE triggers SET next_at = now()")
    return try triggers.take(objects, of: try #require(try triggers.looks().first), next: next)
  }

  /// Of ten years ago, unless said otherwise.
  private func object(_ key: String, _ etag: String = "1", at seconds: Double = -300_000_000) throws -> SeenObject {
    let now = Double(try desk.number("SELECT floor(extract(epoch FROM now()))::bigint"))
    return SeenObject(key: key, etag: etag, size: 1, modified: now + seconds)
  }

  private var known: [String] {
    get throws {
      try desk.own.database.withConnection { connection in
        try connection.query("SELECT key || ' ' || version FROM trigger_objects ORDER BY key").map { try $0.string(0) }
      }
    }
  }

  @Test func `are known from the first walk on, and one that is moved in is an event however old it is, once`() throws {
    try put()
    let there = try object("a")
    #expect(try see([there]) == 0)
    let moved = try object("b")
    #expect(try see([there, moved]) == 1 && see([there, moved]) == 0)
    #expect(try triggers.events("arrivals").elements.map(\.subject) == ["bronze/b"])
    // a host that begins anew has the same table
    #expect(try Engine(database: desk.own.database).triggers.looks().isEmpty)
    #expect(try see([there, moved]) == 0)
  }

  @Test func `are events again when they change, each change once, also back to what they were`() throws {
    try put()
    #expect(try see([try object("a")]) == 0)
    for (etag, age) in [("2", -10.0), ("1", -5), ("2", -1)] {
      let changed = try object("a", etag, at: age)
      #expect(try see([changed]) == 1 && see([changed]) == 0, "\(etag)")
    }
    #expect(try known == ["a 2"])
    // written once more as it is
    #expect(try see([try object("a", "2", at: 0)]) == 0)
  }

  @Test func `of a store that says no etag are told apart by size and time`() throws {
    try put()
    let (first, second) = (try object("a", ""), try object("a", "", at: -5))
    #expect(try see([first]) == 0 && see([first]) == 0 && see([second]) == 1 && see([second]) == 0)
  }

  @Test func `are forgotten when they leave, page by page, and what stays is not written again`() throws {
    try put()
    let all = try ["a", "b", "c", "d", "e", "f"].map { try object($0) }
    #expect(try see(Array(all[0..<3]), next: "2") == 0 && see(Array(all[3...])) == 0)
    #expect(try known.count == 6)
    let rows = try desk.number("SELECT count(DISTINCT xmin::text) FROM trigger_objects")
    // b, d and f leave; what a page does not reach stays until the walk is there
    #expect(try see([all[0]], next: "2") == 0)
    #expect(try known == ["a 1", "b 1", "c 1", "d 1", "e 1", "f 1"])
    #expect(try see([all[2]], next: "3") == 0)
    #expect(try known == ["a 1", "c 1", "d 1", "e 1", "f 1"])
    #expect(try see([all[4]]) == 0)
    #expect(try known == ["a 1", "c 1", "e 1"])
    #expect(try desk.number("SELECT count(DISTINCT xmin::text) FROM trigger_objects") == rows)
  }

  @Test func `that a listing lost for once start nothing when they show again`() throws {
    try put()
    let late = try object("b")
    #expect(try see([]) == 0 && see([late]) == 1 && see([]) == 0 && see([late]) == 0)
    // removed and written anew it is another
    #expect(try see([]) == 0)
    #expect(try see([try object("b", at: -1)]) == 1)
  }

  @Test func `of a store that keeps no order are never forgotten, and so never events twice`() throws {
    try put()
    let (a, b, c) = (try object("a"), try object("b"), try object("c"))
    #expect(try see([b, a], next: "2") == 0 && see([c]) == 0)
    for _ in 0..<2 { #expect(try see([c, a], next: "2") == 0 && see([b]) == 0) }
    #expect(try known.count == 3)
  }

  @Test func `are compared byte by byte, whatever the database's language`() throws {
    try put()
    let all = try ["B", "a", "Ä", "\u{1F600}"].map { try object($0) }
    #expect(try see(Array(all[0..<2]), next: "2") == 0 && see(Array(all[2...])) == 0)
    #expect(try see(Array(all[0..<2]), next: "2") == 0)
    #expect(try see(Array(all[2...])) == 0)
    #expect(try known.count == 4)
  }

  @Test func `by their key alone are events once, also when they left and come again`() throws {
    try put(#", "dedup": "key""#)
    #expect(try see([]) == 0 && see([try object("a")]) == 1 && see([try object("a", "2", at: -1)]) == 0)
    #expect(try see([]) == 0 && see([try object("a", "3", at: 0)]) == 0)
  }

  @Test func `stay known when one looks more often, and begin anew with another prefix`() throws {
    try put()
    #expect(try see([]) == 0)
    let late = try object("in/a")
    try put(#", "every": "5s""#)
    #expect(try see([late]) == 1)
    try put(#", "prefix": "in/""#)
    #expect(try known.isEmpty)
    #expect(try see([late]) == 0 && see([late, try object("in/b")]) == 1)
  }

  @Test func `that came while it was paused start their jobs on resume, or are known from then on`() throws {
    try put()
    #expect(try see([]) == 0)
    var there: [SeenObject] = []
    for (missed, expected) in [(Triggers.Missed.take, 1), (.skip, 0)] {
      _ = try triggers.pause("arrivals", by: .olga)
      there.append(try object("\(there.count)"))
      _ = try triggers.resume("arrivals", missed: missed, by: .olga)
      #expect(try see(there) == expected, "\(missed)")
    }
    there.append(try object("2"))
    #expect(try see(there) == 1)
  }

  @Test func `while the trigger was made are events when they are younger, to the second where a store tells no more`() throws {
    try put()
    let since = try desk.own.database.withConnection {
      try $0.query("SELECT extract(epoch FROM since_at)::float8 FROM triggers").one().double(0)
    }
    let times = [since - 0.0005, since + 0.25, since.rounded(.down), since.rounded(.down) - 1]
    let objects = zip(["a", "b", "c", "d"], times).map { SeenObject(key: $0, etag: "1", size: 1, modified: $1) }
    #expect(try see(objects) == 2)
    #expect(Set(try triggers.events("arrivals").elements.map(\.subject)) == ["bronze/b", "bronze/c"])
  }

  @Test func `are known from before they were kept, and what came since the watermark is new`() throws {
    let text = """
      INSERT INTO triggers (name, kind, settings, changed_by, since_at, watermark, looked_at)
      VALUES ('arrivals', 'objects', '{"workflow": "w", "on": {"objects": {"container": "bronze", "lookback": "1d"}}}', 'olga',
          now() - interval '9 days', now() - interval '1 day', now());
      INSERT INTO trigger_events (trigger_id, key, subject, happened_at, outcome)
      SELECT id, 'object/in/' || file || chr(1) || '1', file, now(), 'submitted' FROM triggers, unnest(ARRAY['a', 'b']) AS f (file);
      """
    let migration = try #require(Installation.migrations.first { $0.name == "seen_objects" })
    let own = try TestDatabase.make { $0.settings = Engine.settings }
    let migrator = Migrator(own.database, migrations: Installation.migrations.filter { $0.number < migration.number })
    _ = try migrator.migrate()
    try own.database.withConnection { try $0.executeScript(text) }
    _ = try Migrator(own.database, migrations: Installation.migrations).migrate()
    let engine = Engine(database: own.database)
    let look = try #require(try engine.triggers.looks().first)
    let now = try own.database.withConnection { try $0.query("SELECT extract(epoch FROM now())::float8").one().double(0) }
    func object(_ name: String, _ age: Double) -> SeenObject { SeenObject(key: "in/\(name)", etag: "1", size: 1, modified: now - age) }
    let found = [object("a", 60), object("b", 60), object("c", 60), object("d", 100_000)]
    #expect(try engine.triggers.take(found, of: look, next: nil) == 1)
    #expect(try engine.triggers.events("arrivals").elements.map(\.subject) == ["bronze/in/c", "b", "a"])
  }
}
