import HandlerKit
import Testing

@testable import Ingest

@Suite struct `Times of items` {
  @Test(arguments: [
    "2020-01-01T00:00:00Z", "2020-01-01T00:00:00.5+02:00", "1969-12-31t23:59:59z", "0001-01-01T00:00:00Z", "2016-12-31T23:59:60Z",
  ])
  func `are RFC 3339`(text: String) {
    #expect(Instant(text) != nil)
  }

  @Test(arguments: [
    "yesterday", "2020-01-01", "2020-01-01T00:00:00", "2020-13-01T00:00:00Z", "2020-01-01T24:00:00Z", "2020-01-01T00:00:00.Z",
    "2020-01-01T00:00:00Z ", "2020-01-01T00:00:00+2:00", "",
  ])
  func `are nothing else`(text: String) {
    #expect(Instant(text) == nil)
  }

  @Test(arguments: [
    ("2020-01-01T01:00:00+01:00", 2020 * 12), ("2020-01-31T23:00:00-02:00", 2020 * 12 + 1), ("2020-03-01T00:30:00+01:00", 2020 * 12 + 1),
    ("1969-12-31T23:59:59Z", 1969 * 12 + 11), ("2000-02-29T12:00:00Z", 2000 * 12 + 1), ("1900-03-01T00:00:00Z", 1900 * 12 + 2),
  ])
  func `know their month in UTC`(text: String, month: Int) throws {
    #expect(try #require(Instant(text)).month == month)
  }

  @Test func `compare across offsets and fractions`() throws {
    let times = ["2020-01-01T02:00:00+02:00", "2020-01-01T00:00:00.000000001Z", "2020-01-01T00:00:00.1Z", "2019-12-31T23:00:01-01:00"]
    let instants = try times.map { try #require(Instant($0)) }
    #expect(instants == instants.sorted())
    #expect(Instant("2020-01-01T02:00:00+02:00") == Instant("2020-01-01T00:00:00Z"))
  }

  @Test func `give corners by month`() throws {
    var corners = TimeCorners()
    for (start, end) in [
      ("2020-01-05T00:00:00Z", "2020-01-06T00:00:00Z"), ("2020-01-02T00:00:00Z", "2020-03-01T00:00:00Z"),
      ("2020-01-03T00:00:00Z", "2020-01-03T00:00:00Z"), ("2019-05-01T00:00:00Z", "2019-05-01T00:00:00Z"),
    ] {
      try corners.add(try JSONText(validating: #"{"properties":{"start_datetime":"\#(start)","end_datetime":"\#(end)"}}"#))
    }
    #expect(
      corners.intervals == [
        ["2019-05-01T00:00:00Z", "2019-05-01T00:00:00Z"], ["2020-01-02T00:00:00Z", "2020-01-03T00:00:00Z"],
        ["2020-01-05T00:00:00Z", "2020-03-01T00:00:00Z"],
      ])
  }

  @Test(arguments: [
    (#"{"datetime":null}"#, "It has neither a datetime nor start_datetime and end_datetime."),
    (#"{"datetime":"yesterday"}"#, "Its datetime, yesterday, is not RFC 3339."),
    (
      #"{"start_datetime":"2021-01-01T00:00:00Z","end_datetime":"2020-01-01T00:00:00Z"}"#,
      "Its start_datetime, 2021-01-01T00:00:00Z, is after its end_datetime, 2020-01-01T00:00:00Z."
    ),
  ])
  func `are refused with a reason`(properties: String, reason: String) throws {
    var corners = TimeCorners()
    let item = try JSONText(validating: #"{"properties":\#(properties)}"#)
    do {
      try corners.add(item)
      Issue.record("\(properties) was taken")
    } catch {
      #expect(error.message == reason)
    }
  }
}
