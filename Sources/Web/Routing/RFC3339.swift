import Workflow

/// Times as RFC 3339 writes them.
enum RFC3339 {
  /// Seconds from the epoch; nil when `text` is no such time, or has no zone.
  static func seconds(of text: String) -> Double? {
    var reader = Reader(Array(text.utf8))
    guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), reader.take("-"),
      let day = reader.digits(2), reader.take("Tt"), let hour = reader.digits(2), reader.take(":"),
      let minute = reader.digits(2), reader.take(":"), let second = reader.digits(2),
      let fraction = reader.fraction(), let offset = reader.offset(), reader.isAtEnd
    else { return nil }
    guard year >= 1, (1...12).contains(month), (1...CivilDate.daysIn(month: month, of: year)).contains(day), hour < 24, minute < 60,
      second <= 60
    else { return nil }
    let whole = CivilDate(year: year, month: month, day: day).days * 86_400 + hour * 3_600 + minute * 60 + second - offset
    return Double(whole) + fraction
  }

  /// In UTC, to the second.
  static func text(of seconds: Int64) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (day, rest) = (Int((Double(seconds) / 86_400).rounded(.down)), Int(((seconds % 86_400) + 86_400) % 86_400))
    let date = CivilDate(days: day)
    return "\(date.year)-\(two(date.month))-\(two(date.day))T\(two(rest / 3_600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
  }

  private struct Reader {
    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { at == bytes.count }

    mutating func take(_ any: String) -> Bool {
      guard at < bytes.count, any.utf8.contains(bytes[at]) else { return false }
      at += 1
      return true
    }

    mutating func digits(_ count: Int) -> Int? {
      guard at + count <= bytes.count else { return nil }
      var value = 0
      for byte in bytes[at..<at + count] {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      at += count
      return value
    }

    /// 0 when there is none.
    mutating func fraction() -> Double? {
      guard take(".") else { return 0 }
      var (value, scale) = (0.0, 0.1)
      let first = at
      while let digit = digits(1) {
        value += Double(digit) * scale
        scale /= 10
      }
      return at > first ? value : nil
    }

    /// Seconds east of Greenwich.
    mutating func offset() -> Int? {
      if take("Zz") { return 0 }
      let sign = take("+") ? 1 : take("-") ? -1 : 0
      guard sign != 0, let hours = digits(2), take(":"), let minutes = digits(2), hours < 24, minutes < 60 else { return nil }
      return sign * (hours * 3_600 + minutes * 60)
    }
  }
}
