import Testing

@testable import Web

@Suite struct `Times as RFC 3339 writes them` {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0.0), ("2026-11-23T02:00:00Z", 1_795_399_200), ("2000-02-29T23:59:60Z", 951_868_800),
    ("2026-11-23T02:00:00.250+01:00", 1_795_395_600.25), ("1969-12-31t23:59:59z", -1), ("0001-01-01T00:00:00Z", -62_135_596_800),
    ("9999-12-31T23:59:59-00:30", 253_402_302_599),
  ]) func `are read to the second and below`(text: String, seconds: Double) {
    #expect(RFC3339.seconds(of: text) == seconds)
  }

  @Test(arguments: [
    "", "2026-11-23", "2026-11-23T02:00:00", "2026-11-23 02:00:00Z", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
    "2026-11-23T24:00:00Z", "2026-11-23T02:60:00Z", "2026-11-23T02:00:00.Z", "2026-11-23T02:00:00+1:00", "2026-11-23T02:00:00ZZ",
    "0000-01-01T00:00:00Z", "tomorrow",
  ]) func `are refused when they are none`(text: String) {
    #expect(RFC3339.seconds(of: text) == nil)
  }
}
