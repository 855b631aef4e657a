/// What becomes of times to fire at which nobody was there to do it: every host was down, or the schedule's leader was changing.
public enum MissedFires: Sendable, Hashable {
  /// They stay missed.
  case none
  /// The last one is made up for.
  case last
  /// Each is, but never more than the last so many.
  case all(cap: Int)

  /// A time to fire, and what is to be done about it.
  public struct Decision: Sendable, Hashable {
    public enum Act: String, Sendable {
      case fire
      /// Fires late.
      case catchUp = "catch_up"
      /// Is noted, and nothing else.
      case miss
    }

    public var fire: Timetable.Fire
    public var act: Act
  }

  /// How late a fire may be and still be in time.
  public static let grace: Int64 = 60

  /// Decides what to do about times to fire that are due, in their order.
  /// - Parameters:
  ///   - due: later than the last that was decided, and not after `now`; ascending.
  ///   - now: seconds since 1970.
  public func decide(_ due: [Timetable.Fire], now: Int64) -> [Decision] {
    let late = due.filter { $0.at < now - Self.grace }.count
    let made =
      switch self {
      case .none: 0
      // a fire that is in time is better than one that is late
      case .last: late == due.count ? min(1, late) : 0
      case .all(let cap): min(cap, late)
      }
    return due.enumerated().map { number, fire in
      Decision(fire: fire, act: number >= late ? .fire : number >= late - made ? .catchUp : .miss)
    }
  }
}
