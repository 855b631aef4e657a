import Database
import TestSupport
import Testing
import Workflow

@testable import Engine

@Suite struct `A backfill` {
  let desk: Desk
  private static let start: Int64 = 1_772_323_200
  private static let day: Int64 = 86_400

  init() throws {
    desk = try Desk()
    try desk.put(Sample.one, parameters: #"{"type": "object", "properties": {"day": {"type": "string"}}}"#)
    let text = #"{"workflow": "w", "cron": "0 2 * * *", "overlap": "allow", "params": {"day": "${fire.date}"}}"#
    _ = try desk.engine.schedules.put("nightly", ScheduleSettings(JSON(parsing: Array(text.utf8))), by: .olga, now: Self.start)
  }

  private var schedules: Schedules { desk.engine.schedules }

  private func request(_ days: ClosedRange<Int64>, _ reprocess: Reprocess = .none, _ concurrency: Int = 100) -> Schedules.BackfillRequest {
    let range = (Self.start + days.lowerBound * Self.day)...(Self.start + (days.upperBound + 1) * Self.day - 1)
    return .init(range: range, reprocess: reprocess, concurrency: concurrency)
  }

  @Test func `runs the past as many at a time as it is told, and ends`() throws {
    let rehearsed = try schedules.rehearse(request(-5 ... -1), of: "nightly")
    #expect(
      rehearsed.map(\.local).first == "2026-02-24T02:00" && rehearsed.count == 5 && rehearsed.allSatisfy { $0.outcome == "submitted" })
    #expect(try desk.number("SELECT count(*) FROM jobs") == 0)
    let id = try schedules.backfill("nightly", request(-5 ... -1, .none, 2), by: .olga).id
    for (jobs, finished) in [(2, false), (4, false), (5, true)] {
      _ = try schedules.advanceBackfills()
      #expect(try schedules.advanceBackfills() == 0)
      #expect(try desk.number("SELECT count(*) FROM jobs") == jobs)
      #expect(try (schedules.backfills("nightly")[0].finishedAt != nil) == finished)
      try desk.work()
    }
    _ = try schedules.advanceBackfills()
    let view = try schedules.backfills("nightly")[0]
    #expect(view.id == id && view.submitted == 5 && view.failed == 0)
    let days = try desk.own.database.withConnection { try $0.query("SELECT params FROM jobs ORDER BY id").map { try $0.string(0) } }
    #expect(days.first == #"{"day":"2026-02-24"}"# && days.last == #"{"day":"2026-02-28"}"#)
  }

  @Test func `leaves alone what has run, or what has completed, or nothing`() throws {
    for night in 0..<3 { try schedules.fire(now: Self.start + 2 * 3_600 + Int64(night) * Self.day) }
    var number = 0
    try desk.work { task in
      number += 1
      return number == 2 ? task.failed() : task.done()
    }
    for (reprocess, expected) in [
      (Reprocess.none, ["skipped", "skipped", "skipped", "submitted"]), (.failed, ["skipped", "submitted", "skipped", "submitted"]),
      (.completed, ["submitted", "submitted", "submitted", "submitted"]),
    ] {
      let rehearsed = try schedules.rehearse(request(0...3, reprocess), of: "nightly")
      #expect(rehearsed.map(\.outcome) == expected)
      #expect(rehearsed[1].why == "job 2 is failed")
    }
    _ = try schedules.backfill("nightly", request(0...3, .failed), by: .olga)
    #expect(try schedules.advanceBackfills() == 4)
    #expect(try desk.number("SELECT count(*) FROM jobs") == 5)
    // what runs now is not run a second time
    _ = try schedules.backfill("nightly", request(1...1, .completed), by: .olga)
    _ = try schedules.advanceBackfills()
    #expect(try desk.number("SELECT count(*) FROM jobs") == 5 && schedules.backfills("nightly")[0].skipped == 1)
  }

  @Test func `can be cancelled, and is never too long`() throws {
    let id = try schedules.backfill("nightly", request(-5 ... -1, .none, 1), by: .olga).id
    _ = try schedules.advanceBackfills()
    #expect(try schedules.cancelBackfill(id, by: .olga).cancelledBy == "olga")
    try desk.work()
    #expect(try schedules.advanceBackfills() == 0)
    #expect(try desk.number("SELECT count(*) FROM jobs") == 1)
    #expect(throws: EngineError.self) { try schedules.backfill("nightly", request(-20_000 ... -1), by: .olga) }
    #expect(throws: EngineError.self) { try schedules.cancelBackfill(99, by: .olga) }
    let actions = try desk.engine.audit.entries(Audit.Filter(subject: "schedule/nightly")).elements.map(\.action)
    #expect(actions == ["schedule.backfill.cancel", "schedule.backfill", "schedule.create"])
  }
}
