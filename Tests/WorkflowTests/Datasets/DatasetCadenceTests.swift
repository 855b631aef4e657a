import Testing
import Workflow

@Suite struct `How old a dataset is` {
  private static let day: Int64 = 86_400
  /// 2026-11-20, at noon.
  private static let noon: Int64 = 20_777 * day + 43_200

  private static func cadence(
    _ schedule: String?, isEnabled: Bool = true, isUpdating: Bool = false, hasVersion: Bool = true, checked: Int64?,
    made: Int64 = noon - 9 * day
  ) throws -> DatasetCadence {
    let text = """
      {"dataset_id": "rivers", "name": "Rivers", "source_type": "manual", "update_strategy": "full_replace",
       "target_table_name": "curated_rivers", "enabled": \(isEnabled)\(schedule.map { ", \"update_schedule\": \"\($0)\"" } ?? "")}
      """
    let said = try DatasetDefinition.load(bytes: Array(text.utf8), file: "d").get()
    return DatasetCadence(said, isUpdating: isUpdating, hasVersion: hasVersion, checked: checked, made: made, now: noon)
  }

  @Test func `is told against the times of its schedule`() throws {
    let twoInTheMorning = Self.noon - 10 * 3_600
    let fresh = try Self.cadence("0 2 * * *", checked: twoInTheMorning + 60)
    #expect(fresh.state == .fresh && fresh.interval == Self.day && fresh.nextAt == twoInTheMorning + Self.day)
    #expect(try Self.cadence("0 2 * * *", checked: twoInTheMorning - 60).state == .late)
    // within the hour after the time it is not late yet
    #expect(try Self.cadence("30 11 * * *", checked: Self.noon - Self.day).state == .fresh)
    #expect(try Self.cadence("0 2 1 * *", checked: Self.noon - 15 * Self.day).state == .fresh)
  }

  @Test func `is nothing to speak of where nobody set a schedule, or somebody turned it off`() throws {
    #expect(try Self.cadence(nil, checked: nil).state == .unscheduled)
    let off = try Self.cadence("0 2 * * *", isEnabled: false, checked: nil)
    #expect(off.state == .off && off.nextAt == nil && off.interval == Self.day)
  }

  @Test func `begins with its first version`() throws {
    #expect(try Self.cadence(nil, hasVersion: false, checked: nil).state == .missing)
    #expect(try Self.cadence("0 2 * * *", hasVersion: false, checked: nil, made: Self.noon - 60).state == .missing)
    #expect(try Self.cadence("0 2 * * *", hasVersion: false, checked: nil).state == .late)
    #expect(try Self.cadence("0 2 * * *", isUpdating: true, hasVersion: false, checked: nil).state == .updating)
  }
}
