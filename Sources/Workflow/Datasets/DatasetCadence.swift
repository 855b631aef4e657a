/// How old a dataset is, against how often its schedule looks at the source.
public struct DatasetCadence: Sendable, Hashable {
  public enum State: String, Sendable, CaseIterable {
    /// A job updates it now.
    case updating
    /// It has no version yet.
    case missing
    /// Nothing updates it but a person.
    case unscheduled
    /// It has a schedule that is turned off.
    case off
    /// The source was looked at when that was due.
    case fresh
    /// It was not.
    case late
  }

  public var state: State
  /// Seconds since 1970, when its schedule looks at the source next; nil: nothing does.
  public var nextAt: Int64?
  /// Seconds from that time to the one after.
  public var interval: Int64?

  /// A check that begins a little later than it is due, and takes its time, is not late.
  private static let grace: Int64 = 3_600

  /// - Parameters:
  ///   - checked: when its source was looked at last, in seconds since 1970; nil: never.
  ///   - made: when it was registered.
  public init(_ said: DatasetDefinition, isUpdating: Bool, hasVersion: Bool, checked: Int64?, made: Int64, now: Int64) {
    // what the rules have let in can be read
    let table = said.updateSchedule.flatMap { try? CronExpression($0) }.map { Timetable($0) }
    let next = table?.fires(after: now, atMost: 2) ?? []
    nextAt = said.isEnabled ? next.first?.at : nil
    interval = next.count == 2 ? next[1].at - next[0].at : nil
    let due = table?.next(after: checked ?? made)?.at
    if isUpdating {
      state = .updating
    } else if !said.isEnabled, table != nil {
      state = .off
    } else if !hasVersion, due.map({ $0 + Self.grace >= now }) ?? true {
      state = .missing
    } else if table == nil {
      state = .unscheduled
    } else {
      state = due.map { $0 + Self.grace < now } == true ? .late : .fresh
    }
  }
}
