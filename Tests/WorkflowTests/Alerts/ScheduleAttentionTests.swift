import Testing
import Workflow

@Suite struct `Schedules and datasets that need attention` {
  @Test func `are those that should have fired minutes ago`() {
    #expect(Attention.found(in: ScheduleSituation(name: "nightly")) == nil)
    #expect(Attention.found(in: ScheduleSituation(name: "nightly", overdue: .seconds(299), dueAt: "x")) == nil)
    let late = Attention.found(in: ScheduleSituation(name: "nightly", overdue: .seconds(300), dueAt: "2026-11-23T02:00:00.000Z"))
    #expect(late?.key == "schedule_late nightly" && late?.since == "2026-11-23T02:00:00.000Z")
    #expect(late?.text == #"Schedule "nightly" should have fired at 2026-11-23T02:00:00.000Z and has not."#)
  }

  @Test func `are those whose last fire started no job`() {
    let failed = Attention.found(
      in: ScheduleSituation(name: "nightly", failure: #"there is no workflow "w""#, failedAt: "2026-11-23T02:00:00.000Z"))
    #expect(failed?.kind == .scheduleLate)
    #expect(failed?.text == #"Schedule "nightly" could not start its job at 2026-11-23T02:00:00.000Z: there is no workflow "w""#)
  }

  @Test func `are datasets that are late`() throws {
    let table = Timetable(try CronExpression("0 2 * * *"))
    // 1 March 2026, 00:00 UTC
    let (start, hour): (Int64, Int64) = (1_772_323_200, 3_600)
    func found(_ hours: Int64) -> Attention? {
      let cadence = DatasetCadence(.init(table: table, since: start), now: start + hours * hour)
      return Attention.found(in: cadence, of: "rivers", since: "then")
    }
    #expect(found(3) == nil && found(26) == nil)
    #expect(found(27)?.key == "dataset_stale rivers")
    #expect(found(27)?.text == #"Dataset "rivers" has not been checked since then: two of its times have passed."#)
  }
}
