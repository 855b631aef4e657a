/// A time in UTC as STAC writes it: RFC 3339, ending in "Z" or "+00:00".
struct StacTime: Sendable, Hashable, Comparable {
  /// Since 1970-01-01T00:00:00Z; what is finer than a microsecond is cut off, as PostgreSQL could not keep it.
  let microseconds: Int64

  init(microseconds: Int64) { self.microseconds = microseconds }

  /// Nil if the text is no such time, or the day is not in the calendar.
  init?(_ text: some Collection<UInt8>) {
    var reader = TimeReader(text)
    guard let year = reader.number(4), year >= 1, reader.take(0x2D), let month = reader.number(2), (1...12).contains(month),
      reader.take(0x2D), let day = reader.number(2), day >= 1, day <= Self.days(month, year), reader.take(0x54, 0x74),
      let hour = reader.number(2), hour <= 23, reader.take(0x3A), let minute = reader.number(2), minute <= 59,
      reader.take(0x3A), let second = reader.number(2), second <= 60, let micros = reader.fraction(), reader.utc()
    else { return nil }
    let seconds = Self.daysSinceEpoch(year, month, day) * 86400 + Int64(hour * 3600 + minute * 60 + second)
    microseconds = seconds * 1_000_000 + Int64(micros)
  }

  static func < (a: StacTime, b: StacTime) -> Bool { a.microseconds < b.microseconds }

  /// For messages and for PostgreSQL: "2020-01-31T10:00:00.000000Z".
  var text: String {
    let (day, rest) = microseconds.flooringDivision(by: 86_400_000_000)
    let (year, month, date) = Self.civil(day)
    let seconds = rest / 1_000_000
    let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { Self.padded($0, 2) }.joined(separator: ":")
    return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(date, 2))T\(clock).\(Self.padded(rest % 1_000_000, 6))Z"
  }

  /// Which month (or year) of the calendar it lies in, counted from year 0.
  func bucket(_ width: StacPartition) -> Int64 {
    switch width {
    case .none: return 0
    case .year, .month:
      let (year, month, _) = Self.civil(microseconds.flooringDivision(by: 86_400_000_000).quotient)
      return width == .year ? year : year * 12 + month
    }
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func days(_ month: Int, _ year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// - Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
  private static func daysSinceEpoch(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
    let shifted = Int64(month <= 2 ? year - 1 : year)
    let (era, yearOfEra) = shifted.flooringDivision(by: 400)
    let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
    return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
  }

  /// - Source: the same, civil_from_days.
  private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = (days + 719468).flooringDivision(by: 146097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted + (shifted < 10 ? 3 : -9)
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }
}

extension Int64 {
  fileprivate func flooringDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

private struct TimeReader<Text: Collection<UInt8>> {
  private let text: Text
  private var at: Text.Index

  init(_ text: Text) {
    self.text = text
    at = text.startIndex
  }

  mutating func number(_ digits: Int) -> Int? {
    var value = 0
    for _ in 0..<digits {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  mutating func take(_ byte: UInt8, _ other: UInt8? = nil) -> Bool {
    guard at != text.endIndex, text[at] == byte || text[at] == other else { return false }
    at = text.index(after: at)
    return true
  }

  /// Microseconds; nil for a point without a digit.
  mutating func fraction() -> Int? {
    guard take(0x2E) else { return 0 }
    guard let first = digit() else { return nil }
    var value = first
    var digits = 1
    while let next = digit() {
      if digits < 6 { value = value * 10 + next }
      digits += 1
    }
    for _ in min(digits, 6)..<6 { value *= 10 }
    return value
  }

  mutating func utc() -> Bool {
    if take(0x5A, 0x7A) { return at == text.endIndex }
    return text[at...].elementsEqual("+00:00".utf8)
  }

  private mutating func digit() -> Int? {
    guard at != text.endIndex, (0x30...0x39).contains(text[at]) else { return nil }
    defer { at = text.index(after: at) }
    return Int(text[at] - 0x30)
  }
}
