/// One of the five fields of a cron expression: which values it matches.
struct CronField: Sendable, Hashable {
  /// A field's name, bounds and names of values.
  struct Kind: Sendable {
    var name: String
    var range: ClosedRange<Int>
    var names: [String] = []

    static let minute = Kind(name: "minute", range: 0...59)
    static let hour = Kind(name: "hour", range: 0...23)
    static let day = Kind(name: "day of the month", range: 1...31)
    static let month = Kind(
      name: "month", range: 1...12, names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"])
    /// 7 is Sunday, too.
    static let weekday = Kind(name: "day of the week", range: 0...7, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"])
  }

  /// Bit by value.
  private var bits: UInt64 = 0
  /// Whether it begins with `*`: then the other of the two day fields decides alone.
  let isWild: Bool

  func matches(_ value: Int) -> Bool { bits & (1 << UInt64(value)) != 0 }

  /// Ascending.
  var values: [Int] { (0..<64).filter(matches) }

  /// - Throws: `CronExpression.Fault`, which names the field.
  init(_ text: Substring, _ kind: Kind) throws(CronExpression.Fault) {
    isWild = text.hasPrefix("*")
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let (range, step) = try Self.range(part, kind)
      for value in stride(from: range.lowerBound, through: range.upperBound, by: step) { bits |= 1 << UInt64(value) }
    }
    if kind.range.upperBound == 7, matches(7) { bits = bits & ~(1 << 7) | 1 }
  }

  private static func range(
    _ part: Substring, _ kind: Kind
  ) throws(CronExpression.Fault) -> (ClosedRange<Int>, step: Int) {
    func wrong(_ why: String) -> CronExpression.Fault { CronExpression.Fault(message: "\(kind.name) \"\(part)\": \(why)") }
    let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
    guard pieces.count <= 2, let body = pieces.first, !body.isEmpty else { throw wrong("expected *, a value, a range or a step") }
    var step = 1
    if pieces.count == 2 {
      guard let given = Self.number(pieces[1]), (1...kind.range.upperBound).contains(given) else {
        throw wrong("a step is a whole number from 1 to \(kind.range.upperBound)")
      }
      step = given
    }
    if body == "*" { return (kind.range.upperBound == 7 ? 0...6 : kind.range, step) }
    let ends = body.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count <= 2 else { throw wrong("expected *, a value, a range or a step") }
    var values: [Int] = []
    for end in ends {
      let named = kind.names.firstIndex(of: end.uppercased()).map { $0 + kind.range.lowerBound }
      guard let value = named ?? Self.number(end), kind.range.contains(value) else {
        let names = kind.names.isEmpty ? "" : ", or one of \(kind.names.joined(separator: ", "))"
        throw wrong("expected a whole number from \(kind.range.lowerBound) to \(kind.range.upperBound)\(names)")
      }
      values.append(value)
    }
    guard values.count == 2 else { return (values[0]...(pieces.count == 2 ? kind.range.upperBound : values[0]), step) }
    guard values[0] <= values[1] else { throw wrong("a range goes from the smaller to the larger value") }
    return (values[0]...values[1], step)
  }

  private static func number(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } && text.utf8.count <= 2 ? Int(text) : nil
  }
}
