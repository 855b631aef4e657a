/// The month of a monthly release.
package struct ReleaseMonth: Sendable, Equatable, Comparable {
  package var year: Int
  /// From 1.
  package var month: Int

  private static let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// - Parameter instant: seconds since 1970.
  /// - Source: Howard Hinnant, chrono-Compatible Low-Level Date Algorithms, civil_from_days.
  package init(at instant: Double) {
    let days = Int((instant / 86400).rounded(.down)) + 719_468
    let era = days / 146_097
    let ofEra = days - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * ofYear + 2) / 153
    month = shifted < 10 ? shifted + 3 : shifted - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// `2026-11`; nil for another text.
  package init?(_ text: String) {
    let parts = text.split(separator: "-")
    guard parts.count == 2, let year = Int(parts[0]), let month = Int(parts[1]), (1...12).contains(month) else { return nil }
    (self.year, self.month) = (year, month)
  }

  package var before: ReleaseMonth {
    var earlier = self
    (earlier.year, earlier.month) = month == 1 ? (year - 1, 12) : (year, month - 1)
    return earlier
  }

  package static func < (left: ReleaseMonth, right: ReleaseMonth) -> Bool { (left.year, left.month) < (right.year, right.month) }

  private var digits: String { month < 10 ? "0\(month)" : "\(month)" }

  /// What the version is called.
  package var text: String { "\(year)-\(digits)" }

  /// A URL with this month in place of `{Mon}`, `{MM}` and `{YYYY}`.
  package func url(_ form: String) -> String {
    form.replacing("{Mon}", with: Self.names[month - 1]).replacing("{MM}", with: digits).replacing("{YYYY}", with: "\(year)")
  }
}
