import Testing

@testable import Workflow

@Suite struct `A timetable` {
  private func fires(
    _ cron: String, _ zone: String, after moment: String, _ count: Int, gap: Timetable.Gap = .runAfter, repeats: Timetable.Repeat = .first
  ) throws -> [String] {
    let rules = try Zone.named(zone)
    let table = Timetable(try CronExpression(cron), zone: rules, gap: gap, repeats: repeats)
    return table.fires(after: Zone.time(moment), atMost: count).map { fire in
      Zone.text(fire.at, rules) + (fire.mark.map { " \($0.rawValue)" } ?? "")
    }
  }

  /// The table of cases in the documentation of Argo's CronWorkflow, section "Daylight Saving": a time that the clock skips is skipped,
  /// one that it shows twice comes twice.
  @Test(arguments: [
    ("59 1 * * *", "2020-03-08T00:00-08:00", ["2020-03-08T01:59-08:00", "2020-03-09T01:59-07:00", "2020-03-10T01:59-07:00"]),
    ("0 2 * * *", "2020-03-08T00:00-08:00", ["2020-03-09T02:00-07:00", "2020-03-10T02:00-07:00", "2020-03-11T02:00-07:00"]),
    ("1 2 * * *", "2020-03-08T00:00-08:00", ["2020-03-09T02:01-07:00", "2020-03-10T02:01-07:00", "2020-03-11T02:01-07:00"]),
    ("59 1 * * *", "2020-11-01T00:00-07:00", ["2020-11-01T01:59-07:00 first", "2020-11-01T01:59-08:00 second", "2020-11-02T01:59-08:00"]),
    ("0 2 * * *", "2020-11-01T00:00-07:00", ["2020-11-01T02:00-08:00", "2020-11-02T02:00-08:00", "2020-11-03T02:00-08:00"]),
    ("1 2 * * *", "2020-11-01T00:00-07:00", ["2020-11-01T02:01-08:00", "2020-11-02T02:01-08:00", "2020-11-03T02:01-08:00"]),
  ]) func `can do as Argo does`(cron: String, moment: String, expected: [String]) throws {
    #expect(try fires(cron, "America/Los_Angeles", after: moment, 3, gap: .skip, repeats: .both) == expected)
  }

  @Test(arguments: [
    ("59 1 * * *", "2020-03-08T00:00-08:00", ["2020-03-08T01:59-08:00", "2020-03-09T01:59-07:00"]),
    ("0 2 * * *", "2020-03-08T00:00-08:00", ["2020-03-08T03:00-07:00 moved", "2020-03-09T02:00-07:00"]),
    ("1,30 2 * * *", "2020-03-08T00:00-08:00", ["2020-03-08T03:00-07:00 moved", "2020-03-09T02:01-07:00"]),
    ("0,30 2-3 * * *", "2020-03-08T00:00-08:00", ["2020-03-08T03:00-07:00", "2020-03-08T03:30-07:00", "2020-03-09T02:00-07:00"]),
    ("59 1 * * *", "2020-11-01T00:00-07:00", ["2020-11-01T01:59-07:00 first", "2020-11-02T01:59-08:00"]),
  ]) func `fires once a day unless told otherwise`(cron: String, moment: String, expected: [String]) throws {
    #expect(try fires(cron, "America/Los_Angeles", after: moment, expected.count) == expected)
  }

  @Test func `of every hour counts time as it passes`() throws {
    #expect(
      try fires("30 * * * *", "Europe/Zurich", after: "2026-03-29T00:00+01:00", 3)
        == ["2026-03-29T00:30+01:00", "2026-03-29T01:30+01:00", "2026-03-29T03:30+02:00"])
    #expect(
      try fires("30 * * * *", "Europe/Zurich", after: "2026-10-25T01:45+02:00", 3)
        == ["2026-10-25T02:30+02:00 first", "2026-10-25T02:30+01:00 second", "2026-10-25T03:30+01:00"])
  }

  @Test(arguments: [
    // the clock is put forward at midnight
    ("30 0 * * *", "Africa/Cairo", "2026-04-23T12:00+02:00", ["2026-04-24T01:00+03:00 moved", "2026-04-25T00:30+03:00"]),
    // half an hour is skipped
    ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00+10:30", ["2026-10-04T02:30+11:00 moved", "2026-10-05T02:15+11:00"]),
    // a whole day is skipped
    (
      "0 12 * * *", "Pacific/Apia", "2011-12-28T23:00-10:00",
      ["2011-12-29T12:00-10:00", "2011-12-31T00:00+14:00 moved", "2011-12-31T12:00+14:00"]
    ),
    ("0 0 29 2 *", "UTC", "2096-03-01T00:00+00:00", ["2104-02-29T00:00+00:00"]),
    ("0 0 13 * FRI", "UTC", "2026-11-01T00:00+00:00", ["2026-11-06T00:00+00:00", "2026-11-13T00:00+00:00", "2026-11-20T00:00+00:00"]),
    ("*/20 9-10/1 * JAN,jul 7", "UTC", "2026-11-01T00:00+00:00", ["2027-01-03T09:00+00:00", "2027-01-03T09:20+00:00"]),
    ("0 0 */10 * 1", "UTC", "2026-11-01T00:00+00:00", ["2026-12-21T00:00+00:00"]),
    ("@weekly", "UTC", "2026-11-23T00:00+00:00", ["2026-11-29T00:00+00:00"]),
  ]) func `knows strange clocks and rare days`(cron: String, zone: String, moment: String, expected: [String]) throws {
    #expect(try fires(cron, zone, after: moment, expected.count) == expected)
  }

  @Test(arguments: [
    (
      "",
      "expected five fields (minute, hour, day of the month, month, day of the week) or one of @annually, @daily, @hourly, @midnight, @monthly, @weekly, @yearly, found 0 fields"
    ),
    (
      "0 0 2 * * *",
      "expected five fields (minute, hour, day of the month, month, day of the week) or one of @annually, @daily, @hourly, @midnight, @monthly, @weekly, @yearly, found 6 fields"
    ),
    ("60 * * * *", "minute \"60\": expected a whole number from 0 to 59"),
    ("* 5-2 * * *", "hour \"5-2\": a range goes from the smaller to the larger value"),
    ("*/0 * * * *", "minute \"*/0\": a step is a whole number from 1 to 59"),
    ("1,, * * * *", "minute \"\": expected *, a value, a range or a step"),
    ("0 0 30,31 2 *", "it never comes: no such month has a day 30"),
    ("0 0 0 * *", "day of the month \"0\": expected a whole number from 1 to 31"),
    (
      "0 0 * FOO *",
      "month \"FOO\": expected a whole number from 1 to 12, or one of JAN, FEB, MAR, APR, MAY, JUN, JUL, AUG, SEP, OCT, NOV, DEC"
    ),
    ("-1 0 * * *", "minute \"-1\": expected a whole number from 0 to 59"),
  ]) func `says what is wrong with an expression`(text: String, message: String) {
    #expect(throws: CronExpression.Fault(message: message)) { try CronExpression(text) }
  }

  @Test(arguments: [
    [UInt8](), Array("TZif2".utf8), Array(repeating: 0xFF, count: 200), Array("TZif2".utf8) + Array(repeating: 0x7F, count: 300),
  ])
  func `refuses a file that is no time zone`(bytes: [UInt8]) {
    #expect(throws: TimeZoneRules.Fault.self) { try TimeZoneRules(name: "x", tzif: bytes) }
  }

  @Test func `whose file is cut is refused, wherever that is`() throws {
    let zone = try Zone.bytes("Europe/Zurich")
    for length in stride(from: 0, to: zone.count, by: 7) {
      #expect(throws: TimeZoneRules.Fault.self) { try TimeZoneRules(name: "x", tzif: Array(zone[..<length])) }
    }
  }
}
