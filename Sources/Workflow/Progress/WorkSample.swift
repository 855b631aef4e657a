/// How much of a stage was done at one moment.
public struct WorkSample: Sendable, Hashable {
  /// Since the stage opened.
  public var at: Duration
  /// In units of work: tasks that have ended, or the unit that the handler reports (bytes, cells).
  public var done: Double

  public init(at: Duration, done: Double) {
    self.at = at
    self.done = done
  }
}
