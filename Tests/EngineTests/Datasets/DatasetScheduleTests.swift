import Database
import TestSupport
import Testing
import Workflow

@testable import Engine

@Suite struct `What keeps datasets current` {
  let desk: DatasetDesk
  private var datasets: Datasets { desk.engine.datasets }
  private var schedules: Schedules { desk.engine.schedules }

  init() throws { desk = try DatasetDesk() }

  private func number(_ sql: SQL) throws -> Int { try desk.number(sql) }
  private func next(_ id: String = "rivers") throws -> String? {
    try schedules.schedule("dataset.\(id)").nextAt.map { String($0.dropFirst(11)) }
  }
  /// The next time of a dataset's schedule, in seconds since 1970.
  private func due(_ id: String = "rivers") throws -> Int64 {
    Int64(try number("SELECT extract(epoch FROM next_at)::bigint FROM schedules WHERE name = \("dataset.\(id)")"))
  }

  @Test func `is a check at 02:00 UTC every day, or its own time in its own zone`() throws {
    _ = try datasets.create(try DatasetDesk.definition(), by: .olga)
    #expect(try next() == "02:00:00.000Z")
    _ = try datasets.create(
      try DatasetDesk.definition("lakes", more: #""update_schedule": "30 4 * * *", "update_zone": "Asia/Kathmandu","#), by: .olga)
    #expect(try next("lakes") == "22:45:00.000Z")
    #expect(try schedules.schedule("dataset.lakes").settings.dataset == "lakes")
    _ = try datasets.replace(try DatasetDesk.definition("lakes", more: #""update_schedule": "0 5 * * *","#), .any, by: .olga)
    #expect(try next("lakes") == "05:00:00.000Z")
  }

  @Test func `goes on, off and away with the dataset`() throws {
    _ = try datasets.create(try DatasetDesk.definition(), by: .olga)
    _ = try datasets.setEnabled("rivers", false, by: .olga)
    #expect(try schedules.schedule("dataset.rivers").nextAt == nil)
    #expect(try schedules.fire(now: 4_000_000_000) == 0)
    _ = try datasets.setEnabled("rivers", true, by: .olga)
    #expect(try next() == "02:00:00.000Z")
    _ = try datasets.remove("rivers", by: .olga)
    #expect(try schedules.list().isEmpty)
  }

  @Test func `fires once, as an update that is logged as scheduled`() throws {
    _ = try datasets.create(try DatasetDesk.definition(), by: .olga)
    let due = try due()
    #expect(try schedules.fire(now: due) == 1 && schedules.fire(now: due + 1) == 0)
    let job = try #require(try schedules.fires("dataset.rivers").elements.first?.jobID)
    #expect(try datasets.dataset("rivers").runningJobID == job)
    let update = try #require(try datasets.history("rivers").elements.first)
    #expect(update["update_type"] == "scheduled" && update["started_by"] == "schedule dataset.rivers")
    // a day later it still runs
    try schedules.fire(now: due + 86_400)
    #expect(try number("SELECT count(*) FROM jobs") == 1)
    #expect(try schedules.fires("dataset.rivers").elements.first?.outcome == "skipped")
  }

  @Test func `does not start beside an update that somebody asked for`() throws {
    _ = try datasets.create(try DatasetDesk.definition(), by: .olga)
    let job = try datasets.update("rivers", by: .olga).jobID
    try schedules.fire(now: try due())
    let fire = try #require(try schedules.fires("dataset.rivers").elements.first)
    #expect(fire.outcome == "skipped" && fire.why == "job \(job) updates the dataset already")
    #expect(try number("SELECT count(*) FROM jobs") == 1)
  }

  @Test func `can be paused, but is changed and removed with the dataset alone`() throws {
    _ = try datasets.create(try DatasetDesk.definition(), by: .olga)
    let due = try due()
    _ = try schedules.pause("dataset.rivers", by: .olga)
    #expect(try schedules.fire(now: due) == 0)
    #expect(throws: EngineError.self) { try schedules.remove("dataset.rivers", by: .olga) }
    #expect(throws: EngineError.self) { try schedules.backfill("dataset.rivers", .init(range: 0...1), by: .olga) }
    do {
      try schedules.remove("dataset.rivers", by: .olga)
    } catch let error as EngineError {
      #expect(error.message == #"schedule "dataset.rivers" belongs to dataset "rivers""#)
    }
    #expect(throws: ScheduleSettings.Fault.self) { try ScheduleSettings(["workflow": "w", "cron": "@daily", "dataset": "rivers"]) }
  }

  @Test func `is refused for a zone that there is not`() throws {
    do {
      _ = try datasets.create(try DatasetDesk.definition(more: #""update_zone": "Mars/Olympus","#), by: .olga)
      Issue.record("it was taken")
    } catch let error as EngineError {
      #expect(error.hint?.contains(#"update_zone: there is no time zone "Mars/Olympus""#) == true, "\(error.hint ?? "")")
    }
    #expect(try schedules.list().isEmpty && datasets.list().elements.isEmpty)
  }

  @Test func `needs attention when two of its times have passed without a check`() throws {
    _ = try datasets.create(try DatasetDesk.definition(), by: .olga)
    func stale() throws -> [String] { try desk.engine.metrics.overview().attention.filter { $0.kind == .datasetStale }.map(\.key) }
    #expect(try stale().isEmpty)
    for table in [
      "UPDATE curated_datasets SET created_at = now() - interval '3 days'", "UPDATE schedules SET changed_at = now() - interval '3 days'",
    ] as [SQL] {
      try desk.execute(table)
    }
    #expect(try stale() == ["dataset_stale rivers"])
    _ = try schedules.pause("dataset.rivers", by: .olga)
    #expect(try stale().isEmpty)
    _ = try schedules.resume("dataset.rivers", by: .olga)
    try desk.execute("UPDATE curated_datasets SET last_checked_at = now()")
    #expect(try stale().isEmpty)
  }

  /// A dataset whose last but one time passed an hour ago, or will have in two minutes: in its own zone, whatever the schedule.
  @Test(arguments: [(0, true), (120, false)]) func `is late on its page exactly when somebody is told of it`(
    seconds: Int, isLate: Bool
  ) throws {
    let second = Int64(try number("SELECT floor(extract(epoch FROM now()) / 60)::bigint * 60")) - 3_600 + Int64(seconds)
    let local = (second + 20_700) / 60 % 1_440  // of Kathmandu
    _ = try datasets.create(
      try DatasetDesk.definition(more: #""update_schedule": "\#(local % 60) \#(local / 60) * * *", "update_zone": "Asia/Kathmandu","#),
      by: .olga)
    for statement in [
      "UPDATE curated_datasets SET created_at = to_timestamp(\(Double(second - 87_000)))",
      "UPDATE schedules SET changed_at = to_timestamp(\(Double(second - 87_000)))",
    ] as [SQL] {
      try desk.execute(statement)
    }
    let now = Int64(try number("SELECT floor(extract(epoch FROM now()))::bigint"))
    func isLateOnItsPage() throws -> Bool { DatasetCadence(try datasets.dataset("rivers").cadence, now: now).state == .late }
    func isToldOf() throws -> Bool { try desk.engine.metrics.overview().attention.contains { $0.key == "dataset_stale rivers" } }
    #expect(try isLateOnItsPage() == isLate && isToldOf() == isLate)
    // a job that tries does not make it current
    _ = try datasets.update("rivers", by: .olga)
    #expect(try isLateOnItsPage() == isLate && isToldOf() == isLate)
    _ = try schedules.pause("dataset.rivers", by: .olga)
    #expect(try !isLateOnItsPage() && !isToldOf())
    #expect(try DatasetCadence(datasets.dataset("rivers").cadence, now: now).state == .updating)
  }

  @Test func `is shown also of a dataset that has the usual time`() throws {
    _ = try datasets.create(try DatasetDesk.definition(), by: .olga)
    let cadence = DatasetCadence(try datasets.dataset("rivers").cadence, now: try due() - 60)
    #expect(cadence.state == .missing && cadence.interval == 86_400)
    #expect(cadence.nextAt == (try due()))
  }

  @Test func `of a manual source there is none, unless it says so`() throws {
    let text = """
      {"dataset_id": "own", "name": "Own", "source_type": "manual", "update_strategy": "full_replace", "target_table_name": "curated_own"}
      """
    _ = try datasets.create(try DatasetDefinition.load(bytes: Array(text.utf8), file: "d.json").get(), by: .olga)
    #expect(try schedules.list().isEmpty)
  }
}
