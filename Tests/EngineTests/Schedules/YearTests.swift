import Database
import Glibc
import TestSupport
import Testing
import Workflow

@testable import Engine

/// A year of simulated time: hosts that fire take turns, die at the worst moment, are all away for a while, and their clocks jump.
@Suite struct `A year of schedules` {
  private static let start: Int64 = 1_767_225_600  // 2026-01-01 UTC
  private static let end: Int64 = 1_798_761_600

  private static let zones = ["UTC", "Europe/Zurich", "America/Los_Angeles", "Australia/Lord_Howe"]

  @Test(arguments: getenv("WEIR_TEST_FULL_SIZE") == nil ? [0] : Array(0..<10)) func `fires exactly what the expected list says`(seed: Int)
    async throws
  {
    let desk = try Desk()
    try desk.put(Sample.one)
    var tables: [String: Timetable] = [:]
    for (number, zone) in Self.zones.enumerated() {
      for (word, cron) in [("night", "30 2 * * *"), ("week", "15 1 * * SUN")] {
        let text = #"{"workflow": "w", "cron": "\#(cron)", "zone": "\#(zone)", "overlap": "allow", "missed": "all", "missed_cap": 1000}"#
        let settings = try ScheduleSettings(JSON(parsing: Array(text.utf8)))
        let name = "\(word)_\(number)"
        _ = try desk.engine.schedules.put(name, settings, by: .olga, now: Self.start)
        tables[name] = try settings.timetable()
      }
    }
    var random = SplitMix(state: UInt64(seed))
    // a leader that dies before it commits: the session ends within the transaction
    let hosts = (0..<3).map { _ in Engine(database: Database(desk.own.database.configuration)) }
    var (clock, kills) = (Self.start, 0)
    while clock < Self.end {
      let away = Int.random(in: 0..<40, using: &random) == 0 ? Int64.random(in: 1...20, using: &random) * 86_400 : 0
      clock = min(Self.end, clock + Int64.random(in: 600...90_000, using: &random) + away)
      let seen = clock - (Int.random(in: 0..<10, using: &random) == 0 ? Int64.random(in: 0...200_000, using: &random) : 0)
      let host = hosts.randomElement(using: &random)!  // there are three
      if Int.random(in: 0..<6, using: &random) == 0 {
        kills += 1
        #expect(throws: (any Error).self) {
          try desk.own.database.withConnection { connection in
            _ = try connection.execute("ALTER TABLE schedules ADD CONSTRAINT dies CHECK (false) NOT VALID")
          }
          defer { try? desk.execute("ALTER TABLE schedules DROP CONSTRAINT dies") }  // the next statement would say so
          try host.schedules.fire(now: clock + 172_800)
        }
      }
      try host.schedules.fire(now: seen)
    }
    for host in hosts { while try host.schedules.fire(now: Self.end) > 0 {} }
    #expect(kills > 20)
    for (name, table) in tables {
      let expected = table.fires(after: Self.start, through: Self.end, atMost: 10_000).map(\.at)
      let rows = try desk.own.database.withConnection { connection in
        try connection.query(
          """
          SELECT extract(epoch FROM f.fire_at)::bigint, f.outcome, j.id IS NOT NULL
          FROM schedule_fires f JOIN schedules s ON s.id = f.schedule_id LEFT JOIN jobs j ON j.id = f.job_id
          WHERE s.name = \(name) ORDER BY f.fire_at
          """
        ).map { (at: Int64(try $0.int(0)), outcome: try $0.string(1), hasJob: try $0.bool(2)) }
      }
      #expect(rows.map(\.at) == expected, "\(name)")
      #expect(rows.allSatisfy { $0.outcome == "submitted" && $0.hasJob }, "\(name)")
    }
    let expected = tables.values.reduce(0) { $0 + $1.fires(after: Self.start, through: Self.end, atMost: 10_000).count }
    #expect(try desk.number("SELECT count(*) FROM jobs") == expected)
  }

  /// The schedules of datasets, whose update may still run when its next time comes: then that time is skipped.
  @Test(arguments: getenv("WEIR_TEST_FULL_SIZE") == nil ? [0] : Array(0..<10)) func `fires the schedules of datasets as the list says`(
    seed: Int
  ) throws {
    let desk = try DatasetDesk()
    var expected: [String: [Fired]] = [:]
    var course: [String: Course] = [:]
    for (number, zone) in Self.zones.enumerated() {
      for (word, cron) in [("night", "30 2 * * *"), ("week", "15 1 * * SUN")] {
        let id = "\(word)_\(number)"
        let definition = try DatasetDesk.definition(id, more: #""update_schedule": "\#(cron)", "update_zone": "\#(zone)","#)
        _ = try desk.engine.datasets.create(definition, by: .olga)
        course[id] = Course(table: try #require(try DatasetSchedule.settings(of: definition)).timetable(), decided: Self.start)
      }
    }
    try desk.execute(
      "UPDATE schedules SET decided_through = to_timestamp(\(Double(Self.start))), next_at = to_timestamp(\(Double(Self.start)))")
    var random = SplitMix(state: UInt64(seed))
    let hosts = (0..<3).map { _ in Engine(database: Database(desk.own.database.configuration), curated: desk.configuration) }
    var clock = Self.start
    while clock < Self.end {
      let away = Int.random(in: 0..<40, using: &random) == 0 ? Int64.random(in: 1...20, using: &random) * 86_400 : 0
      clock = min(Self.end, clock + Int64.random(in: 600...90_000, using: &random) + away)
      let seen = clock - (Int.random(in: 0..<10, using: &random) == 0 ? Int64.random(in: 0...200_000, using: &random) : 0)
      let host = hosts.randomElement(using: &random)!  // there are three
      if Int.random(in: 0..<6, using: &random) == 0 {
        try desk.execute("ALTER TABLE schedules ADD CONSTRAINT dies CHECK (false) NOT VALID")
        #expect(throws: (any Error).self) { try host.schedules.fire(now: clock + 900_000) }
        try desk.execute("ALTER TABLE schedules DROP CONSTRAINT dies")
      }
      try host.schedules.fire(now: seen)
      for id in course.keys { expected[id, default: []] += course[id]!.fires(seen) }  // it is of these keys
      // most updates have ended before the next time
      if Int.random(in: 0..<5, using: &random) > 0 {
        while try desk.isDue { try desk.end(#"{"needs_update": false}"#) }
        for id in course.keys { course[id]?.isRunning = false }
      }
    }
    for (id, fires) in expected {
      let rows = try desk.own.database.withConnection { connection in
        try connection.query(
          """
          SELECT extract(epoch FROM f.fire_at)::bigint, f.outcome FROM schedule_fires f JOIN schedules s ON s.id = f.schedule_id
          WHERE s.name = \("dataset.\(id)") ORDER BY f.fire_at
          """
        ).map { Fired(at: Int64(try $0.int(0)), outcome: try $0.string(1)) }
      }
      #expect(rows == fires, "\(id)")
      #expect(rows.map(\.at) == course[id]?.table.fires(after: Self.start, through: Self.end, atMost: 10_000).map(\.at), "\(id)")
      let jobs = try desk.number(
        "SELECT count(DISTINCT job_id) FROM curated_update_log WHERE dataset_id = \(id) AND update_type = 'scheduled'")
      #expect(jobs == fires.count { $0.outcome == "submitted" }, "\(id)")
    }
    #expect(try desk.number("SELECT count(*) FROM jobs") == expected.values.joined().count { $0.outcome == "submitted" })
    #expect(Set(expected.values.joined().map(\.outcome)) == ["submitted", "missed", "skipped"])
  }

  private struct Fired: Equatable {
    var at: Int64
    var outcome: String
  }

  /// What becomes of a dataset's times: what is late by more than a minute is made up for once, and one update runs at a time.
  private struct Course {
    let table: Timetable
    var decided: Int64
    var isRunning = false

    init(table: Timetable, decided: Int64) { (self.table, self.decided) = (table, decided) }

    mutating func fires(_ now: Int64) -> [Fired] {
      let due = table.fires(after: decided, through: now, atMost: 10_000)
      decided = max(decided, now)
      return due.enumerated().map { number, fire in
        guard number == due.count - 1 || fire.at >= now - 60 else { return Fired(at: fire.at, outcome: "missed") }
        defer { isRunning = true }
        return Fired(at: fire.at, outcome: isRunning ? "skipped" : "submitted")
      }
    }
  }
}
