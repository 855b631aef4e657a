/// What is known of a schedule, or of what keeps a dataset current, when one asks whether somebody should look at it.
public struct ScheduleSituation: Sendable, Hashable {
  public var name: String
  /// For how long it should have fired and has not; nil: nothing is due.
  public var overdue: Duration?
  /// RFC 3339: when it should have.
  public var dueAt: String?
  /// Why its last time to fire started no job; nil: it did, or was skipped as told.
  public var failure: String?
  /// RFC 3339: that time.
  public var failedAt: String?

  public init(name: String, overdue: Duration? = nil, dueAt: String? = nil, failure: String? = nil, failedAt: String? = nil) {
    self.name = name
    self.overdue = overdue
    self.dueAt = dueAt
    self.failure = failure
    self.failedAt = failedAt
  }
}

extension Attention {
  /// A leader that dies is followed within a lease; what is later than this waits for a person.
  static let firePatience: Duration = .seconds(300)

  /// What a person should look at in one schedule.
  public static func found(in schedule: ScheduleSituation) -> Attention? {
    let show = "`weir schedules show \(schedule.name)` has its times."
    if let overdue = schedule.overdue, overdue >= firePatience {
      return Attention(
        .scheduleLate, subject: schedule.name,
        text: "Schedule \"\(schedule.name)\" should have fired at \(schedule.dueAt ?? "") and has not.",
        hint: "A host that leads fires it: `weir hosts` lists those that are alive; the leader's log says what it could not do. \(show)",
        since: schedule.dueAt)
    }
    guard let failure = schedule.failure else { return nil }
    return Attention(
      .scheduleLate, subject: schedule.name,
      text: "Schedule \"\(schedule.name)\" could not start its job at \(schedule.failedAt ?? ""): \(failure)", hint: show,
      since: schedule.failedAt)
  }

  /// Nil unless a dataset is late, as pages say of it too.
  /// - Parameter since: when its source was looked at last, or the dataset was made or turned on; RFC 3339.
  public static func found(in cadence: DatasetCadence, of dataset: String, since: String) -> Attention? {
    guard cadence.state == .late else { return nil }
    return Attention(
      .datasetStale, subject: dataset,
      text: "Dataset \"\(dataset)\" has not been checked since \(since): two of its times have passed.",
      hint: "`weir datasets history \(dataset)` says what became of its updates.", since: since)
  }
}
