import Database
import TestSupport
import Testing
import Workflow

@testable import Engine

@Suite struct `Workflows by the clock` {
  let desk: Desk

  init() throws {
    desk = try Desk()
    try desk.put(Sample.one, parameters: #"{"type": "object", "properties": {"day": {"type": "string"}}, "additionalProperties": false}"#)
  }

  private var schedules: Schedules { desk.engine.schedules }

  /// A moment in 2026 that tests count from, in seconds since 1970: 1 March, 00:00 UTC.
  private static let start: Int64 = 1_772_323_200
  private static let hour: Int64 = 3_600
  private static let day: Int64 = 86_400

  private func put(_ name: String = "nightly", _ cron: String = "0 2 * * *", _ more: String = "", now: Int64 = start) throws {
    let text = #"{"workflow": "w", "cron": "\#(cron)"\#(more)}"#
    _ = try schedules.put(name, ScheduleSettings(JSON(parsing: Array(text.utf8))), by: .olga, now: now)
  }

  private func fires(_ name: String = "nightly") throws -> [FireView] { try schedules.fires(name, limit: 500).elements.reversed() }
  private func outcomes(_ name: String = "nightly") throws -> [String] {
    try fires(name).map { ($0.outcome ?? "") + ($0.isLate ? " late" : "") }
  }
  private func jobs() throws -> Int { try desk.number("SELECT count(*) FROM jobs") }

  @Test func `submit a job when the time comes, once, with what it says of the time`() throws {
    try put(
      "nightly", "30 2 * * *",
      #", "params": {"day": "the ${fire.date} at ${fire.local} or ${fire.time}"}, "labels": ["night"], "priority": 7"#)
    #expect(try schedules.fire(now: Self.start + 2 * Self.hour) == 0)
    #expect(try schedules.fire(now: Self.start + 2 * Self.hour + 1_800) == 1)
    #expect(try schedules.fire(now: Self.start + 2 * Self.hour + 1_830) == 0)
    let fire = try #require(try fires().first)
    #expect(fire.at == "2026-03-01T02:30:00.000Z" && fire.outcome == "submitted" && fire.mark == nil && !fire.isLate)
    let job = try desk.job(try #require(fire.jobID))
    #expect(job.params.text == #"{"day":"the 2026-03-01 at 2026-03-01T02:30 or 2026-03-01T02:30:00.000Z"}"#)
    #expect(job.labels == ["night"] && job.priority == 7 && job.dedupKey?.hasPrefix("schedule/") == true)
    #expect(try desk.engine.audit.entries(Audit.Filter(actor: "schedule nightly")).elements.map(\.action) == ["job.submit"])
    #expect(try schedules.list().map(\.nextAt) == ["2026-03-02T02:30:00.000Z"])
  }

  @Test(arguments: [
    (#""none""#, ["submitted", "missed", "missed", "missed", "submitted"]),
    (#""last""#, ["submitted", "missed", "missed", "submitted late", "submitted"]),
    (#""all", "missed_cap": 2"#, ["submitted", "missed", "submitted late", "submitted late", "submitted"]),
  ]) func `make up for what no host was there to fire as they are told`(missed: String, expected: [String]) throws {
    try put("nightly", "0 2 * * *", #", "overlap": "allow", "missed": \#(missed)"#)
    let two = Self.start + 2 * Self.hour
    try schedules.fire(now: two)
    // nobody is there for three nights
    try schedules.fire(now: two + 3 * Self.day + 10 * Self.hour)
    try schedules.fire(now: two + 4 * Self.day)
    #expect(try outcomes() == expected)
    #expect(try jobs() == expected.filter { $0.hasPrefix("submitted") }.count)
  }

  @Test func `do with a job that still runs as they are told`() throws {
    let two = Self.start + 2 * Self.hour
    for (overlap, expected) in [
      ("skip", ["submitted", "skipped", "skipped"]), ("allow", ["submitted", "submitted", "submitted"]),
      ("cancel_old", ["submitted", "submitted", "submitted"]), ("buffer_one", ["submitted", "buffered", "skipped"]),
    ] {
      try put(overlap, "0 2 * * *", #", "overlap": "\#(overlap)""#)
      for night in Int64(0)..<3 { try schedules.fire(now: two + night * Self.day) }
      #expect(try outcomes(overlap) == expected, "\(overlap)")
    }
    let old = try fires("cancel_old").compactMap(\.jobID)
    #expect(try old.map { try desk.job($0).state } == [.cancelled, .cancelled, .running])
    #expect(try fires("skip")[1].why == "job \(fires("skip")[0].jobID ?? 0), which it started before, still runs")
    // what waits begins when its forerunner has ended, and once
    try desk.work()
    try schedules.fire(now: two + 2 * Self.day + Self.hour)
    try schedules.fire(now: two + 2 * Self.day + Self.hour)
    #expect(try outcomes("buffer_one") == ["submitted", "submitted late", "skipped"])
  }

  @Test func `neither lose nor double a fire when the clock jumps or the schedule changes`() throws {
    try put("hourly", "@hourly", #", "overlap": "allow""#)
    for minutes in [60, 61, 10, -500, 61, 120, 119, 90, 180] as [Int64] { try schedules.fire(now: Self.start + minutes * 60) }
    #expect(try outcomes("hourly") == ["submitted", "submitted", "submitted"])
    try put("hourly", "*/30 * * * *", #", "overlap": "allow""#, now: Self.start + 100 * 60)
    try schedules.fire(now: Self.start + 181 * 60)
    #expect(try jobs() == 3)
    try schedules.fire(now: Self.start + 210 * 60)
    #expect(try jobs() == 4)
  }

  @Test func `fire nothing while they are paused, and say what the pause skips`() throws {
    try put()
    _ = try schedules.pause("nightly", why: "the source moves", by: .olga)
    let later = Self.start + 3 * Self.day + Self.hour
    #expect(try schedules.fire(now: later) == 0)
    let preview = try schedules.preview("nightly", count: 3, now: later)
    #expect(preview.skipped.map(\.local) == ["2026-03-01T02:00", "2026-03-02T02:00", "2026-03-03T02:00"])
    #expect(preview.next.map(\.local) == ["2026-03-04T02:00", "2026-03-05T02:00", "2026-03-06T02:00"])
    #expect(try schedules.schedule("nightly").paused?.why == "the source moves")
    _ = try schedules.resume("nightly", by: .olga, now: later)
    try schedules.fire(now: later + 2 * Self.hour)
    #expect(try outcomes() == ["skipped", "skipped", "skipped", "submitted late"])
    #expect(try fires()[0].why == "paused by olga")
    let audit = try desk.engine.audit.entries(Audit.Filter(subject: "schedule/nightly")).elements.map(\.action)
    #expect(audit == ["schedule.resume", "schedule.pause", "schedule.create"])
  }

  @Test func `note why a job could not be submitted, and go on`() throws {
    try put()
    try put("other")
    try desk.put(Sample.one, parameters: #"{"type": "object", "required": ["region"]}"#)
    try schedules.fire(now: Self.start + 2 * Self.hour)
    #expect(try outcomes() == ["failed"] && outcomes("other") == ["failed"])
    #expect(try fires()[0].why == #"the parameters of "w" are not valid: 1 problem"#)
    try desk.put(Sample.one)
    try schedules.fire(now: Self.start + Self.day + 2 * Self.hour)
    #expect(try outcomes() == ["failed", "submitted"])
  }

  @Test func `cannot be of a workflow, zone or parameters that there are not, nor changed unseen`() throws {
    func refusal(_ more: String, workflow: String = "w", generation: Int? = nil) throws -> String? {
      let text = #"{"workflow": "\#(workflow)", "cron": "0 2 * * *"\#(more)}"#
      do {
        _ = try schedules.put("s", ScheduleSettings(JSON(parsing: Array(text.utf8))), generation: generation, by: .olga)
        return nil
      } catch { return (error as? EngineError)?.message }
    }
    #expect(try refusal("", workflow: "none") == #"there is no workflow "none""#)
    #expect(try refusal(#", "params": {"x": 1}"#) == #"the parameters of "w" are not valid: 1 problem"#)
    for zone in ["Mars/Olympus", "../../etc/passwd", "/etc/passwd", "", "Europe/", "posixrules/../UTC", "zone.tab"] {
      let message = try refusal(#", "zone": "\#(zone)""#)
      #expect(message?.hasPrefix(#"schedule "s": zone: there is no time zone ""#) == true, "\(zone): \(message ?? "")")
    }
    #expect(try refusal(#", "zone": "America/Argentina/Buenos_Aires""#) == nil)
    #expect(try refusal("", generation: 1) == nil && refusal("", generation: 1) == #"schedule "s" has changed since: its generation is 2"#)
    #expect(throws: EngineError.self) { try schedules.remove("t", by: .olga) }
    try schedules.remove("s", by: .olga)
    #expect(try schedules.list().isEmpty)
  }

  @Test func `spread by their jitter, each fire always by the same`() throws {
    try put("nightly", "0 2 * * *", #", "jitter": "10m", "overlap": "allow""#)
    for night in Int64(0)..<20 { try schedules.fire(now: Self.start + 2 * Self.hour + night * Self.day) }
    let late = try desk.own.database.withConnection { connection in
      try connection.query(
        """
        SELECT extract(epoch FROM j.not_before - f.fire_at)::float8 FROM jobs j JOIN schedule_fires f ON f.job_id = j.id ORDER BY f.fire_at
        """
      ).map { try $0.double(0) }
    }
    #expect(late.count == 20 && late.allSatisfy { (0..<600).contains($0) } && Set(late).count > 15, "\(late)")
  }

  /// Every zone that PostgreSQL knows too, at moments of 150 years.
  @Test func `know time zones as PostgreSQL does`() throws {
    let moments = stride(from: Int64(-2_000_000_000), to: 3_900_000_000, by: 9_871_237).map { $0 }
    for zone in [
      "Europe/Zurich", "America/Los_Angeles", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Gaza", "Europe/Dublin", "America/Nuuk",
      "Pacific/Apia", "Asia/Kathmandu", "Africa/Cairo", "America/St_Johns", "Antarctica/Troll", "Etc/GMT+5", "America/Argentina/San_Luis",
    ] {
      let rules = try TimeZones.named(zone)
      let theirs = try desk.own.database.withConnection { connection in
        try connection.query(
          """
          SELECT extract(epoch FROM (to_timestamp(t) AT TIME ZONE \(zone)) AT TIME ZONE 'UTC')::bigint - t FROM unnest(\(moments.map { Int($0) })::bigint[]) AS t
          """
        ).map { try $0.int(0) }
      }
      #expect(moments.map { rules.offset(at: $0) } == theirs, "\(zone)")
    }
  }
}
