import FoundationEssentials

/// PostgreSQL's ISO text of `timestamptz`, to the microsecond, and back.
enum Timestamp {
  static func text(of date: Date) -> String {
    let micros = Int64((date.timeIntervalSinceReferenceDate * 1_000_000).rounded()) + referenceMicros
    let (day, rest) = micros.flooredDivision(by: 86_400_000_000)
    let (year, month, dayOfMonth) = civil(fromDay: day)
    let (seconds, fraction) = rest.quotientAndRemainder(dividingBy: 1_000_000)
    let clock = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2)).\(padded(fraction, 6))"
    let era = year > 0 ? "" : " BC"
    return "\(padded(year > 0 ? year : 1 - year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2)) \(clock)+00\(era)"
  }

  /// Reads `2024-02-29 12:34:56.789+05:30`, a date alone (`2024-02-29`), and years before Christ; nil for anything else.
  static func date(of text: UnsafeBufferPointer<UInt8>) -> Date? {
    var scan = Scan(bytes: text)
    guard let year = scan.number(), scan.take("-"), let month = scan.number(), scan.take("-"), let day = scan.number() else {
      return nil
    }
    var micros: Int64 = 0
    var hasSpace = scan.take(" ")
    if hasSpace, let clock = scan.clock() {
      micros = clock
      if let sign = scan.sign() {
        guard let offset = scan.clock() else { return nil }
        micros -= sign * offset
      }
      hasSpace = scan.take(" ")
    }
    let isBC = hasSpace && scan.take("B") && scan.take("C")
    guard scan.isAtEnd, (1...12).contains(month), (1...31).contains(day) else { return nil }
    let days = dayNumber(year: isBC ? 1 - year : year, month: month, day: day)
    return Date(timeIntervalSinceReferenceDate: Double(days * 86_400_000_000 + micros - referenceMicros) / 1_000_000)
  }

  /// 2001-01-01 as microseconds since 1970.
  private static let referenceMicros: Int64 = 978_307_200_000_000

  private static func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  // Days since 1970-01-01 and back in the proleptic Gregorian calendar; eras of 400 years that begin on 1 March.
  private static func civil(fromDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = (day + 719_468).flooredDivision(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  private static func dayNumber(year: Int64, month: Int64, day: Int64) -> Int64 {
    let (era, yearOfEra) = (month <= 2 ? year - 1 : year).flooredDivision(by: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private struct Scan {
    let bytes: UnsafeBufferPointer<UInt8>
    var index = 0
    var isAtEnd: Bool { index == bytes.count }

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func number() -> Int64? {
      var value: Int64?
      while index < bytes.count, case let digit = bytes[index] &- 48, digit < 10 {
        value = (value ?? 0) * 10 + Int64(digit)
        index += 1
        if let value, value > 1_000_000_000 { return nil }
      }
      return value
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
      index += 1
      return true
    }

    mutating func sign() -> Int64? {
      if take("+") { return 1 }
      return take("-") ? -1 : nil
    }

    /// `12`, `12:34`, `12:34:56` or `12:34:56.789` as microseconds.
    mutating func clock() -> Int64? {
      guard var seconds = number().map({ $0 * 3600 }) else { return nil }
      for unit in [Int64(60), 1] where take(":") {
        guard let part = number() else { return nil }
        seconds += part * unit
      }
      var fraction: Int64 = 0
      if take(".") {
        let start = index
        guard let digits = number(), index - start <= 6 else { return nil }
        fraction = (index - start..<6).reduce(digits) { value, _ in value * 10 }
      }
      return seconds * 1_000_000 + fraction
    }
  }
}

extension Int64 {
  fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
