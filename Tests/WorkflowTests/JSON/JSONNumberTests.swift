import Testing

@testable import Workflow

@Suite struct `JSON numbers` {
  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("10.0", 10), ("1e2", 100), ("120E-1", 12), ("-9223372036854775808", Int.min),
      ("9223372036854775807.0", Int.max),
      ("9223372036854775808", nil), ("0.5", nil), ("1e400", nil), ("1e-400", nil), ("0e999999999999999999999", 0),
      ("922337203685477580700e-2", Int.max),
    ] as [(String, Int?)])
  func `are whole numbers by their value`(text: String, int: Int?) throws {
    let number = try #require(JSONNumber(text: text))
    #expect(number.int == int)
    #expect(try RawJSON(validating: text).int == int)
  }

  @Test(arguments: ["", "-", "+1", "01", "1.", ".1", "1e", "0x1", "1 ", " 1", "NaN", "Infinity", "1_000", "true", "\"1\""])
  func `are refused when they are no JSON`(text: String) {
    #expect(JSONNumber(text: text) == nil)
  }

  @Test(arguments: [
    ("1", "2", -1), ("-1", "1", -1), ("-1", "-2", 1), ("0", "-0.0", 0), ("1.10", "1.1", 0), ("1e10", "9999999999.9", 1),
    ("1e400", "1e399", 1), ("-1e400", "-1e399", -1), ("0.1", "0.09999999999999999999999", 1), ("12", "1.2e1", 0), ("0", "1e-400", -1),
    ("18446744073709551616", "18446744073709551615", 1), ("1e999999999999999999999", "1e99", 1),
  ])
  func `are compared exactly`(left: String, right: String, order: Int) throws {
    let (left, right) = (try #require(JSONNumber(text: left)), try #require(JSONNumber(text: right)))
    #expect(left.compare(to: right) == order)
    #expect(right.compare(to: left) == -order)
  }

  @Test(arguments: [
    ("0.07", "0.01", true), ("0.075", "0.01", false), ("1e308", "0.5", true), ("4.5", "1.5", true), ("0", "3", true), ("-9", "3", true),
    ("10", "4", false), ("100000000000000000000000000000000000003", "3", false), ("100000000000000000000000000000000000002", "3", true),
    ("1e1000000000000", "7", false), ("7e1000000000000", "7", true), ("0.00000001", "0.00000001", true), ("1", "999999999999999999", false),
    ("999999999999999999e5", "999999999999999999", true),
  ])
  func `are multiples exactly`(value: String, divisor: String, isMultiple: Bool) {
    #expect(JSONDecimal(value).isMultiple(of: JSONDecimal(divisor)) == isMultiple)
  }

  @Test func `of doubles have the shortest text`() {
    #expect([0.49, 10, 1e-7, 1e22, 1.5].map { JSONNumber($0).text } == ["0.49", "10.0", "1e-07", "1e+22", "1.5"])
    #expect(JSON(Double.infinity) == nil)
    #expect(JSONNumber(text: "1e400")?.double == .infinity)
  }
}
