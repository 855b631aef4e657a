/// Durations as manifests write them: a whole number and a unit, `"250ms"`, `"90s"`, `"15m"`, `"2h"`, `"1d"`.
public enum DurationText {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
  ]

  static let hint = "Write a whole number and one of the units ms, s, m, h, d, such as \"90s\"."

  /// Nil when the text is not a duration, or one longer than 100 years.
  public static func parse(_ text: String) -> Duration? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits), let unit = units.first(where: { $0.name == text.dropFirst(digits.count) }) else {
      return nil
    }
    let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit.milliseconds)
    return overflow || milliseconds > 36_525 * 86_400_000 ? nil : .milliseconds(milliseconds)
  }

  /// The shortest text in the largest unit that holds the duration exactly; what is less than a millisecond is dropped.
  public static func text(of duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    if milliseconds == 0 { return "0s" }
    let unit = units.last { milliseconds % $0.milliseconds == 0 } ?? units[0]
    return "\(milliseconds / unit.milliseconds)\(unit.name)"
  }
}
