/// A moment as RFC 3339 text, comparable across offsets.
struct Instant: Comparable {
  let text: String
  private let seconds: Int
  private let nanoseconds: Int

  /// nil if `text` is not RFC 3339.
  init?(_ text: String) {
    var reader = DigitReader(text)
    guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"),
      let day = reader.number(2), reader.skip("Tt "), let hour = reader.number(2), reader.skip(":"),
      let minute = reader.number(2), reader.skip(":"), let second = reader.number(2),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
    else { return nil }
    nanoseconds = reader.skip(".") ? reader.fraction() ?? -1 : 0
    guard nanoseconds >= 0, let offset = reader.offset() else { return nil }
    seconds = Self.days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
    self.text = text
  }

  static func < (left: Instant, right: Instant) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }

  static func == (left: Instant, right: Instant) -> Bool {
    (left.seconds, left.nanoseconds) == (right.seconds, right.nanoseconds)
  }

  /// Months since the year 0, in UTC.
  var month: Int {
    let (year, month) = Self.yearAndMonth(ofDay: Int((Double(seconds) / 86_400).rounded(.down)))
    return year * 12 + month - 1
  }

  /// Days since 1970 in the Gregorian calendar.
  /// - Source: Howard Hinnant, chrono-Compatible Low-Level Date Algorithms, days_from_civil and civil_from_days.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year  // 0 at the least: years have four digits, and -1 only in January of 0
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func yearAndMonth(ofDay day: Int) -> (year: Int, month: Int) {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month)
  }
}

private struct DigitReader {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = text[...].utf8 }

  mutating func number(_ digits: Int) -> Int? {
    guard rest.count >= digits else { return nil }
    let part = rest.prefix(digits)
    guard part.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
    rest = rest.dropFirst(digits)
    return part.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }

  mutating func skip(_ allowed: StaticString) -> Bool {
    guard let byte = rest.first, allowed.withUTF8Buffer({ $0.contains(byte) }) else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// Nanoseconds; finer digits are dropped.
  mutating func fraction() -> Int? {
    var value = 0
    var count = 0
    while let digit = number(1) {
      if count < 9 { value = value * 10 + digit }
      count += 1
    }
    if count == 0 { return nil }
    for _ in count..<max(count, 9) { value *= 10 }
    return value
  }

  /// Seconds east of UTC; nil unless the text ends after it.
  mutating func offset() -> Int? {
    if skip("Zz") { return rest.isEmpty ? 0 : nil }
    let sign = rest.first == UInt8(ascii: "-") ? -1 : 1
    guard skip("+-"), let hours = number(2), skip(":"), let minutes = number(2), rest.isEmpty, hours < 24, minutes < 60
    else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }
}
