public import struct FoundationEssentials.Date

/// Times as HTTP writes them: `Sun, 06 Nov 1994 08:49:37 GMT`.
/// - Source: RFC 9110, 5.6.7 (IMF-fixdate; the two obsolete forms are not read).
public enum HTTPDate {
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

  public static func parse(_ text: String) -> Date? {
    let parts = text.split(separator: " ")
    guard parts.count == 6, let day = Int(parts[1]), let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]),
      (1970...9999).contains(year), (1...31).contains(day), parts[5] == "GMT"
    else { return nil }
    let clock = parts[4].split(separator: ":").compactMap { Int($0) }
    guard clock.count == 3, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]), (0...60).contains(clock[2]) else { return nil }
    let days = Self.days(year: year, month: month + 1, day: day)
    return Date(timeIntervalSince1970: Double(days * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]))
  }

  public static func text(_ date: Date) -> String {
    let stamp = DateStamp(date)
    let weekday = weekdays[Int(date.timeIntervalSince1970.rounded(.down)) / 86_400 % 7]
    return "\(weekday), \(stamp.day) \(months[stamp.month - 1]) \(stamp.year) \(stamp.hour):\(stamp.minute):\(stamp.second) GMT"
  }

  /// Days since 1970-01-01 of a day in the Gregorian calendar.
  static func days(year: Int, month: Int, day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = y / 400
    let ofEra = (y - era * 400) * 365 + (y - era * 400) / 4 - (y - era * 400) / 100
    return era * 146_097 + ofEra + (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1 - 719_468
  }
}
