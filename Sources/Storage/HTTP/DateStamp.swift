internal import struct FoundationEssentials.Date

/// A moment in UTC by its parts, each with as many digits as it is written with.
struct DateStamp {
  let year: String
  let month: Int
  let day: String
  let hour: String
  let minute: String
  let second: String

  init(_ date: Date) {
    let seconds = Int(date.timeIntervalSince1970.rounded(.down))
    let clock = seconds % 86_400
    var days = seconds / 86_400 + 719_468
    let era = days / 146_097
    days -= era * 146_097
    let yearOfEra = (days - days / 1460 + days / 36_524 - days / 146_096) / 365
    let dayOfYear = days - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    month = shifted < 10 ? shifted + 3 : shifted - 9
    year = String(yearOfEra + era * 400 + (month <= 2 ? 1 : 0))
    day = Self.two(dayOfYear - (153 * shifted + 2) / 5 + 1)
    hour = Self.two(clock / 3600)
    minute = Self.two(clock / 60 % 60)
    second = Self.two(clock % 60)
  }

  /// `20261123T165500Z`.
  var basic: String { "\(year)\(Self.two(month))\(day)T\(hour)\(minute)\(second)Z" }

  /// `2026-11-23T16:55:00Z`.
  var extended: String { "\(year)-\(Self.two(month))-\(day)T\(hour):\(minute):\(second)Z" }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
