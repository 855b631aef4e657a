/// How old a dataset is, against how often its schedule looks at the source: what pages show and alerts are raised by.
public struct DatasetCadence: Sendable, Hashable {
  public enum State: String, Sendable, CaseIterable {
    /// A job updates it now.
    case updating
    /// It has no version yet.
    case missing
    /// Nothing updates it but a person.
    case unscheduled
    /// It has a schedule that is turned off, or paused.
    case off
    /// The source was looked at when that was due.
    case fresh
    /// It was not, twice, whether or not a job tries to now.
    case late
  }

  /// What is known of a dataset.
  public struct Facts: Sendable, Hashable {
    /// When its source is to be looked at; nil: by nobody but a person.
    public var table: Timetable?
    /// Its schedule is turned off, or paused.
    public var isOff: Bool
    public var isUpdating: Bool
    public var hasVersion: Bool
    /// When its source was looked at last or, where that is later, the dataset was made or its schedule changed; seconds since 1970.
    public var since: Int64

    public init(table: Timetable?, isOff: Bool = false, isUpdating: Bool = false, hasVersion: Bool = true, since: Int64) {
      self.table = table
      self.isOff = isOff
      self.isUpdating = isUpdating
      self.hasVersion = hasVersion
      self.since = since
    }
  }

  public var state: State
  /// Seconds since 1970, when its schedule looks at the source next; nil: nothing does.
  public var nextAt: Int64?
  /// Seconds from that time to the one after.
  public var interval: Int64?

  /// How long after the second of two times the source must have been looked at: a check begins a little late, and takes its time.
  private static let patience: Int64 = 3_600

  public init(_ facts: Facts, now: Int64) {
    let next = facts.table?.fires(after: now, atMost: 2) ?? []
    nextAt = facts.isOff ? nil : next.first?.at
    interval = next.count == 2 ? next[1].at - next[0].at : nil
    // one check that failed is followed by the next; two are for a person
    let isLate = !facts.isOff && facts.table?.fires(after: facts.since, through: now - Self.patience, atMost: 2).count == 2
    if isLate {
      state = .late
    } else if facts.isUpdating {
      state = .updating
    } else if facts.table != nil, facts.isOff {
      state = .off
    } else if !facts.hasVersion {
      state = .missing
    } else {
      state = facts.table == nil ? .unscheduled : .fresh
    }
  }
}
