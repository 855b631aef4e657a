/// Numbers as a person reads them.
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

  /// `1.2 MiB`; bytes below 1,024 as they are.
  static func bytes(_ number: Int) -> String {
    guard number >= 1024 else { return "\(number) B" }
    var (size, unit) = (Double(number) / 1024, 0)
    while size >= 1023.95, unit < units.count - 1 {
      size /= 1024
      unit += 1
    }
    let tenths = Int((size * 10).rounded())
    return size >= 99.95 ? "\(Int(size.rounded())) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
  }

  /// `12 tasks/s`, `1.5 tasks/s`; nil when it is next to nothing.
  static func rate(_ perSecond: Double) -> String? {
    guard perSecond >= 0.05 else { return nil }
    let tenths = Int((perSecond * 10).rounded())
    return perSecond >= 10 ? "\(text(Int(perSecond.rounded()))) tasks/s" : "\(tenths / 10).\(tenths % 10) tasks/s"
  }
}
