/// A job with all that a page of it shows, as of one moment.
public struct JobSight: Sendable {
  public var card: JobCard
  /// By stage, the stages that it needs.
  public var needs: [String: [String]]
  /// Those that cost most tasks.
  public var failures: [FailureGroup]
  /// The last ones, the oldest of them first.
  public var lines: [LogView]
  /// Over all of its time; none when none were asked for.
  public var points: [MetricPoint]
  /// The database's clock.
  public var now: String
}
