import Testing
import Workflow

@Suite struct `How old a dataset is` {
  private static let day: Int64 = 86_400
  private static let hour: Int64 = 3_600
  /// 2026-11-20, at noon.
  private static let noon: Int64 = 20_777 * day + 12 * hour
  private static let two = noon - 10 * hour

  private static func cadence(
    _ schedule: String?, isOff: Bool = false, isUpdating: Bool = false, hasVersion: Bool = true, since: Int64, now: Int64 = noon
  ) throws -> DatasetCadence {
    let table = try schedule.map { Timetable(try CronExpression($0)) }
    return DatasetCadence(.init(table: table, isOff: isOff, isUpdating: isUpdating, hasVersion: hasVersion, since: since), now: now)
  }

  @Test func `is told against the times of its schedule`() throws {
    let fresh = try Self.cadence("0 2 * * *", since: Self.two + 60)
    #expect(fresh.state == .fresh && fresh.interval == Self.day && fresh.nextAt == Self.two + Self.day)
    #expect(try Self.cadence("0 2 * * *", since: Self.two - 60).state == .fresh, "one time that was missed is followed by the next")
    #expect(try Self.cadence("0 2 * * *", since: Self.two - Self.day - 60).state == .late)
    #expect(try Self.cadence("0 2 1 * *", since: Self.noon - 45 * Self.day).state == .fresh)
    #expect(try Self.cadence("0 2 1 * *", since: Self.noon - 60 * Self.day).state == .late)
  }

  @Test func `is late an hour after the second time that passed, to the second`() throws {
    let since = Self.two - Self.day - 60
    #expect(try Self.cadence("0 2 * * *", since: since, now: Self.two + Self.hour - 1).state == .fresh)
    #expect(try Self.cadence("0 2 * * *", since: since, now: Self.two + Self.hour).state == .late)
    // a check at its very time was one
    #expect(try Self.cadence("0 2 * * *", since: Self.two - Self.day, now: Self.noon).state == .fresh)
  }

  @Test func `is told by the clock of its zone`() throws {
    let table = Timetable(try CronExpression("0 2 * * *"), zone: try Zone.named("Asia/Kathmandu"))
    // 02:00 there is 20:15 UTC of the day before
    let time = Self.two - 2 * Self.hour - 13_500
    func state(_ now: Int64) -> DatasetCadence.State { DatasetCadence(.init(table: table, since: time - Self.day - 60), now: now).state }
    #expect(state(time + Self.hour - 1) == .fresh && state(time + Self.hour) == .late)
  }

  @Test func `is nothing to speak of where nobody set a schedule, or somebody turned it off`() throws {
    #expect(try Self.cadence(nil, since: 0).state == .unscheduled)
    let off = try Self.cadence("0 2 * * *", isOff: true, since: 0)
    #expect(off.state == .off && off.nextAt == nil && off.interval == Self.day)
  }

  @Test func `begins with its first version`() throws {
    #expect(try Self.cadence(nil, hasVersion: false, since: 0).state == .missing)
    #expect(try Self.cadence("0 2 * * *", hasVersion: false, since: Self.noon - 60).state == .missing)
    #expect(try Self.cadence("0 2 * * *", hasVersion: false, since: 0).state == .late)
  }

  @Test func `is late although a job tries to renew it now`() throws {
    #expect(try Self.cadence("0 2 * * *", isUpdating: true, hasVersion: false, since: Self.two).state == .updating)
    #expect(try Self.cadence("0 2 * * *", isUpdating: true, since: 0).state == .late)
  }
}
