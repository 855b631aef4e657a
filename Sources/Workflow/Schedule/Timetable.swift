/// When a schedule fires: a cron expression by the clock of a time zone.
public struct Timetable: Sendable, Hashable {
  /// What becomes of a time that the clock skips when it is put forward.
  public enum Gap: String, Sendable, CaseIterable {
    /// It fires when the clock has been put forward.
    case runAfter = "run_after"
    case skip
  }

  /// What becomes of a time that the clock shows twice when it is put back.
  public enum Repeat: String, Sendable, CaseIterable {
    case first, both
  }

  /// One time to fire.
  public struct Fire: Sendable, Hashable {
    public enum Mark: String, Sendable, CaseIterable {
      /// The clock was put forward over its time.
      case moved
      /// The first, or the second, of two moments at which the clock shows its time.
      case first, second
    }

    /// Seconds since 1970.
    public var at: Int64
    /// What the clock shows, or should have: `2026-03-29T02:30`.
    public var local: String
    public var mark: Mark?

    /// `at` as RFC 3339, in UTC.
    public var time: String { CivilDate.time(of: at) }

    public init(at: Int64, local: String, mark: Mark? = nil) {
      self.at = at
      self.local = local
      self.mark = mark
    }
  }

  public var cron: CronExpression
  public var zone: TimeZoneRules
  public var gap: Gap
  public var repeats: Repeat

  public init(_ cron: CronExpression, zone: TimeZoneRules = .utc, gap: Gap = .runAfter, repeats: Repeat = .first) {
    self.cron = cron
    self.zone = zone
    self.gap = gap
    self.repeats = repeats
  }

  /// 29 February may be eight years away.
  private static let horizon = 366 * 9

  /// The first time to fire after a moment; nil when none comes.
  ///
  /// What comes every hour counts time as it passes: of it no fire is moved, and the hour that the clock shows twice has both.
  /// - Parameter moment: seconds since 1970.
  public func next(after moment: Int64) -> Fire? { fires(after: moment, atMost: 1).first }

  /// The next ones, at most `count`, up to a moment that still counts.
  public func fires(after moment: Int64, through end: Int64 = .max, atMost count: Int) -> [Fire] {
    let today = Int((moment + Int64(zone.offset(at: moment))).flooredDivision(by: 86_400))
    var found: [Fire] = []
    var (day, last) = (today - 1, moment)
    var patience = day + Self.horizon
    while found.count < count, day <= patience, Int64(day - 2) * 86_400 <= end {
      if cron.matches(CivilDate(days: day)) {
        for fire in fires(on: day) where fire.at > last && fire.at <= end && found.count < count {
          found.append(fire)
          last = fire.at
          patience = day + Self.horizon
        }
      }
      day += 1
    }
    return found
  }

  private func fires(on days: Int) -> [Fire] {
    var fires: [Fire] = []
    for minute in cron.minutes {
      let local = Int64(days * 86_400 + minute * 60)
      let times = zone.times(of: local)
      let text = Self.text(CivilDate(days: days), minute)
      switch times.count {
      case 0:
        if gap == .runAfter, !cron.isHourly { fires.append(Fire(at: zone.end(ofGapAt: local), local: text, mark: .moved)) }
      case 1: fires.append(Fire(at: times[0], local: text))
      default:
        fires.append(Fire(at: times[0], local: text, mark: .first))
        if repeats == .both || cron.isHourly { fires.append(Fire(at: times[1], local: text, mark: .second)) }
      }
    }
    // several that were skipped, and one that is due when the clock has been put forward, are one
    var seen: Set<Int64> = []
    return fires.sorted { ($0.at, $0.mark == nil ? 0 : 1) < ($1.at, $1.mark == nil ? 0 : 1) }.filter { seen.insert($0.at).inserted }
  }

  private static func text(_ date: CivilDate, _ minute: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(date.year)-\(two(date.month))-\(two(date.day))T\(two(minute / 60)):\(two(minute % 60))"
  }
}
