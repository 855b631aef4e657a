/// The rule at the end of a time zone file, for all the time after its last transition: `CET-1CEST,M3.5.0,M10.5.0/3` (POSIX.1-2017
/// section 8.3 with RFC 8536's wider hours).
struct PosixTimeZone: Sendable, Hashable {
  /// When a year's change comes.
  private struct Change: Hashable {
    enum Day: Hashable {
      case weekday(month: Int, week: Int, day: Int)
      /// 1 to 365, never 29 February.
      case julian(Int)
      /// 0 to 365.
      case ordinal(Int)
    }

    var day: Day
    /// Seconds after the day's midnight by the clock until then; may be negative or more than a day.
    var time = 7_200

    /// Seconds since 1970 by the clock until then.
    func local(in year: Int) -> Int {
      let days =
        switch day {
        case .ordinal(let number): CivilDate(year: year, month: 1, day: 1).days + number
        case .julian(let number):
          CivilDate(year: year, month: 1, day: 1).days + number - 1 + (CivilDate.isLeap(year) && number >= 60 ? 1 : 0)
        case .weekday(let month, let week, let day):
          Self.weekday(day, week: week, CivilDate(year: year, month: month, day: 1))
        }
      return days * 86_400 + time
    }

    private static func weekday(_ day: Int, week: Int, _ first: CivilDate) -> Int {
      var date = first.days + (day - first.weekday + 7) % 7 + (week - 1) * 7
      while date >= first.days + CivilDate.daysIn(month: first.month, of: first.year) { date -= 7 }
      return date
    }
  }

  /// Seconds east of UTC.
  private let standard: Int
  private var summer: (offset: Int, begin: Change, end: Change)?

  static func == (one: PosixTimeZone, other: PosixTimeZone) -> Bool {
    one.standard == other.standard && one.summer?.offset == other.summer?.offset && one.summer?.begin == other.summer?.begin
      && one.summer?.end == other.summer?.end
  }

  func hash(into hasher: inout Hasher) { hasher.combine(standard) }

  /// Nil for a text that is none.
  init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    guard Self.name(&rest), let west = Self.time(&rest) else { return nil }
    standard = -west
    guard !rest.isEmpty else { return }
    guard Self.name(&rest) else { return nil }
    var offset = standard + 3_600
    if let next = rest.first, next != UInt8(ascii: ",") {
      guard let west = Self.time(&rest) else { return nil }
      offset = -west
    }
    guard let begin = Self.change(&rest), let end = Self.change(&rest), rest.isEmpty else { return nil }
    summer = (offset, begin, end)
  }

  /// Seconds east of UTC at a time since 1970.
  func offset(at time: Int64) -> Int {
    guard let summer else { return standard }
    let year = CivilDate(days: Int((time + Int64(standard)).flooredDivision(by: 86_400))).year
    let begin = Int64(summer.begin.local(in: year) - standard)
    let end = Int64(summer.end.local(in: year) - summer.offset)
    // south of the equator summer lies around the year's end
    let isSummer = begin < end ? time >= begin && time < end : !(time >= end && time < begin)
    return isSummer ? summer.offset : standard
  }

  private static func name(_ rest: inout ArraySlice<UInt8>) -> Bool {
    if rest.first == UInt8(ascii: "<") {
      guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
      rest = rest[(end + 1)...]
      return true
    }
    let letters = rest.prefix { (65...90).contains($0) || (97...122).contains($0) }
    rest = rest.dropFirst(letters.count)
    return letters.count >= 3
  }

  /// `[+-]hh[:mm[:ss]]` in seconds.
  private static func time(_ rest: inout ArraySlice<UInt8>) -> Int? {
    var sign = 1
    if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      sign = first == UInt8(ascii: "-") ? -1 : 1
      rest = rest.dropFirst()
    }
    guard let hours = number(&rest), hours <= 167 else { return nil }
    var seconds = hours * 3_600
    for unit in [60, 1] where rest.first == UInt8(ascii: ":") {
      rest = rest.dropFirst()
      guard let value = number(&rest), value < 60 else { return nil }
      seconds += value * unit
    }
    return sign * seconds
  }

  private static func change(_ rest: inout ArraySlice<UInt8>) -> Change? {
    guard rest.first == UInt8(ascii: ",") else { return nil }
    rest = rest.dropFirst()
    var change: Change
    switch rest.first {
    case UInt8(ascii: "M"):
      var parts: [Int] = []
      for separator in ["M", ".", "."] {
        guard rest.first == separator.utf8.first else { return nil }
        rest = rest.dropFirst()
        guard let value = number(&rest) else { return nil }
        parts.append(value)
      }
      guard (1...12).contains(parts[0]), (1...5).contains(parts[1]), (0...6).contains(parts[2]) else { return nil }
      change = Change(day: .weekday(month: parts[0], week: parts[1], day: parts[2]))
    case UInt8(ascii: "J"):
      rest = rest.dropFirst()
      guard let day = number(&rest), (1...365).contains(day) else { return nil }
      change = Change(day: .julian(day))
    default:
      guard let day = number(&rest), (0...365).contains(day) else { return nil }
      change = Change(day: .ordinal(day))
    }
    if rest.first == UInt8(ascii: "/") {
      rest = rest.dropFirst()
      guard let time = time(&rest) else { return nil }
      change.time = time
    }
    return change
  }

  private static func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    rest = rest.dropFirst(digits.count)
    return digits.count <= 3 ? Int(String(decoding: digits, as: UTF8.self)) : nil
  }
}

extension Int64 {
  /// The quotient rounded towards minus infinity, as days before 1970 need it.
  func flooredDivision(by divisor: Int64) -> Int64 { self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor) }
}
