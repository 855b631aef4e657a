import Glibc

/// Numbers and times as a person reads them.
enum Quantity {
  private static let units = ["KiB", "MiB", "GiB", "TiB", "PiB"]

  /// `12,345,678`.
  static func text(_ number: Int) -> String {
    var digits = String(number.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.append(String(digits.suffix(3)))
      digits.removeLast(3)
    }
    return (number < 0 ? "-" : "") + ([digits] + groups.reversed()).joined(separator: ",")
  }

  /// `1 task`, `12 tasks`.
  static func text(_ number: Int, _ thing: String) -> String { "\(text(number)) \(thing)\(number == 1 ? "" : "s")" }

  /// To a tenth below 100, whole above; bytes in their larger units.
  static func text(_ number: Double, unit: String?) -> String {
    if unit == "bytes" || unit == "B" { return bytes(number) }
    return unit.map { "\(decimal(number)) \($0)" } ?? decimal(number)
  }

  static func decimal(_ number: Double) -> String {
    guard number.isFinite, abs(number) < 1e15 else { return "–" }
    if abs(number) >= 99.95 || number == number.rounded() { return text(Int(number.rounded())) }
    let tenths = Int((number * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }

  /// `12 M`: for a scale, where there is little room.
  static func short(_ number: Double) -> String {
    let sizes = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
    guard number >= 10_000, let size = sizes.first(where: { number >= $0.0 }) else { return decimal(number) }
    return "\(decimal(number / size.0)) \(size.1)"
  }

  /// `1.2 MiB`.
  static func bytes(_ number: Double) -> String {
    guard number >= 1024 else { return "\(decimal(number)) B" }
    var (size, unit) = (number / 1024, 0)
    while size >= 1023.95, unit < units.count - 1 {
      size /= 1024
      unit += 1
    }
    return "\(decimal(size)) \(units[unit])"
  }

  /// `12 tasks/s`, `3.4 tasks/min`; what goes on for hours has a rate, too.
  static func rate(_ perSecond: Double, of thing: String = "tasks") -> String {
    if thing == "bytes" { return "\(bytes(perSecond))/s" }
    if perSecond >= 1 || perSecond <= 0 { return "\(decimal(perSecond)) \(thing)/s" }
    return perSecond * 60 >= 1 ? "\(decimal(perSecond * 60)) \(thing)/min" : "\(decimal(perSecond * 3600)) \(thing)/h"
  }

  /// `62 %`; never 100 before the end.
  static func percent(_ share: Double) -> String {
    let whole = Int((share * 100).rounded(.down))
    return share > 0 && whole == 0 ? "under 1 %" : "\(whole) %"
  }

  /// `3 min 12 s`, `2 h 5 min`.
  static func duration(_ seconds: Double) -> String {
    let whole = Int(max(0, min(seconds, 1e9)).rounded())
    switch whole {
    case ..<1: return seconds > 0 ? "\(Int((seconds * 1000).rounded())) ms" : "0 s"
    case ..<60: return "\(whole) s"
    case ..<3600: return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s"
    case ..<86_400: return whole / 60 % 60 == 0 ? "\(whole / 3600) h" : "\(whole / 3600) h \(whole / 60 % 60) min"
    default: return whole / 3600 % 24 == 0 ? "\(whole / 86_400) d" : "\(whole / 86_400) d \(whole / 3600 % 24) h"
    }
  }

  /// How long something has been going on, or will be: `12 s`, then whole minutes, so that what is shown of it is not other text every second.
  static func age(_ seconds: Double) -> String { duration(seconds < 60 ? seconds.rounded(.down) : (seconds / 60).rounded(.down) * 60) }

  /// Between two times of RFC 3339; nil when one of them cannot be read.
  static func seconds(from start: String?, to end: String?) -> Double? {
    guard let start = start.flatMap(RFC3339.seconds), let end = end.flatMap(RFC3339.seconds) else { return nil }
    return end - start
  }
}

extension HTML {
  /// `14:02:11`, or with its day when that is not today's; the whole time is there for programs and on the pointer.
  static func time(_ text: String, now: String) -> HTML {
    let (day, clock) = (text.prefix(10), text.dropFirst(11).prefix(8))
    let shown = day == now.prefix(10) ? "\(clock)" : "\(day) \(clock.prefix(5))"
    return "<time datetime=\"\(text)\" title=\"\(text)\">\(shown)</time>"
  }
}
