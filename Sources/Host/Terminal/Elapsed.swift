import Glibc

/// Times as a person reads them.
enum Elapsed {
  /// Seconds between two times of the API, such as `2026-11-23T09:15:02.123456Z`; nil when one is absent.
  static func seconds(from start: String?, to end: String?) -> Double? {
    guard let start = start.flatMap(seconds), let end = end.flatMap(seconds) else { return nil }
    return max(0, end - start)
  }

  /// `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`.
  static func text(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    switch seconds {
    case ..<9.95: return "\(Int((seconds * 10).rounded()) / 10).\(Int((seconds * 10).rounded()) % 10) s"
    case ..<99.5: return "\(whole) s"
    case ..<3570: return "\(whole / 60) min \(whole % 60) s"
    default: return "\((whole + 30) / 3600) h \((whole + 30) % 3600 / 60) min"
    }
  }

  private static func seconds(_ time: String) -> Double? {
    let fields = time.split { !$0.isNumber }
    let numbers = fields.prefix(6).compactMap { Int32($0) }
    guard numbers.count == 6 else { return nil }
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (numbers[0] - 1900, numbers[1] - 1, numbers[2])
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (numbers[3], numbers[4], numbers[5])
    let fraction = fields.count > 6 ? Double("0.\(fields[6])") ?? 0 : 0
    return Double(timegm(&parts)) + fraction
  }
}
