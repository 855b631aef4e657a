/// Which failed tasks of a job to try again; nil is any.
public struct RetryFilter: Sendable, Hashable {
  public var stage: String?
  /// How their last attempt ended: `failed`, `crashed`, `timeout`, ...
  public var outcome: String?
  /// As `Views.failureGroups` has it.
  public var fingerprint: String?

  public init(stage: String? = nil, outcome: String? = nil, fingerprint: String? = nil) {
    self.stage = stage
    self.outcome = outcome
    self.fingerprint = fingerprint
  }
}

/// What a retry led to.
public struct Retried: Sendable, Hashable {
  /// Tasks that are in the queue again.
  public var tasks: Int
  /// The stages that they are of.
  public var stages: [String]
  /// Stages behind them that go back to waiting.
  public var putBack: [String]

  public init(tasks: Int, stages: [String], putBack: [String]) {
    self.tasks = tasks
    self.stages = stages
    self.putBack = putBack
  }
}
