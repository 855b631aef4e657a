/// Sizes as manifests write them: a whole number and a unit, `"64MiB"`, `"10GB"`, `"512B"`.
public enum SizeText {
  private static let units: [(name: String, bytes: Int)] = [
    ("B", 1), ("kB", 1000), ("KiB", 1 << 10), ("MB", 1_000_000), ("MiB", 1 << 20), ("GB", 1_000_000_000),
    ("GiB", 1 << 30), ("TB", 1_000_000_000_000), ("TiB", 1 << 40),
  ]

  static let hint = "Write a whole number and one of the units B, kB, KiB, MB, MiB, GB, GiB, TB, TiB, such as \"64MiB\"."

  /// Bytes; nil when the text is not a size.
  public static func parse(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits), let unit = units.first(where: { $0.name == text.dropFirst(digits.count) }) else {
      return nil
    }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
    return overflow ? nil : bytes
  }

  /// The text in the largest unit that holds the size exactly.
  public static func text(of bytes: Int) -> String {
    if bytes == 0 { return "0B" }
    let unit = units.last { bytes % $0.bytes == 0 } ?? units[0]
    return "\(bytes / unit.bytes)\(unit.name)"
  }
}
