/// Figures of all jobs and hosts for a monitoring system; none grows with jobs, tasks or names that callers choose.
public struct Gauges: Sendable {
  /// Tasks of one handler that wait or run.
  public struct Load: Sendable, Hashable {
    public var handler: String
    public var queued: Int
    public var retrying: Int
    public var running: Int
    /// How long the first of its tasks has been due; 0 when none is.
    public var oldestSeconds: Double
  }

  /// One domain metric in the jobs that have not ended.
  public struct Domain: Sendable, Hashable {
    public var plugin: String
    public var name: String
    public var value: Double
  }

  /// By state, of those that have not ended.
  public var jobs: [String: Int]
  public var loads: [Load]
  /// Hosts by state: alive, stopping, late.
  public var hosts: [String: Int]
  public var slots: Int
  public var domain: [Domain]
  /// By kind.
  public var attention: [String: Int]
  /// Tasks that ended a second, of the newest sample.
  public var tasksPerSecond: Double?
  /// How old that is.
  public var sampleAge: Double?
}
