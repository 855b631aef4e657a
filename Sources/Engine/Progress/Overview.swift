public import Workflow

/// Everything at a glance.
public struct Overview: Sendable {
  /// The figures on top.
  public struct Tiles: Sendable, Hashable {
    /// Jobs that have not ended, by state.
    public var runningJobs = 0
    public var queuedJobs = 0
    public var pausedJobs = 0
    /// Tasks of jobs that have not ended.
    public var runningTasks = 0
    public var queuedTasks = 0
    public var retryingTasks = 0
    /// Tasks that failed in jobs that have not ended, or ended within the last hour.
    public var failedTasks = 0
    /// Tasks that ended a second, over the last samples of all jobs.
    public var tasksPerSecond = 0.0
    /// Hosts whose lease lasts.
    public var hosts = 0
    /// Runners that they have.
    public var slots = 0
    public var needsAttention = 0

    public var json: JSON {
      func number(_ value: Int) -> JSON { .number(JSONNumber(value)) }
      return [
        "running_jobs": number(runningJobs), "queued_jobs": number(queuedJobs), "paused_jobs": number(pausedJobs),
        "running_tasks": number(runningTasks), "queued_tasks": number(queuedTasks), "retrying_tasks": number(retryingTasks),
        "failed_tasks": number(failedTasks), "tasks_per_second": JSON(tasksPerSecond), "hosts": number(hosts),
        "slots": number(slots), "needs_attention": number(needsAttention),
      ]
    }
  }

  /// Which jobs the cards are of; the tiles count all.
  public struct Filter: Sendable, Hashable {
    public var workflow: String?
    public var state: JobState?
    /// All of these.
    public var labels: [String]
    /// Cards at most: jobs that have not ended first, each the newest first.
    public var limit: Int

    public init(workflow: String? = nil, state: JobState? = nil, labels: [String] = [], limit: Int = 50) {
      self.workflow = workflow
      self.state = state
      self.labels = labels
      self.limit = limit
    }
  }

  public var tiles: Tiles
  /// Jobs that have not ended, then those that ended within the last hour.
  public var jobs: [JobCard]
  /// More jobs match than there are cards.
  public var isCut: Bool
  /// The five causes of the last day that cost most tasks.
  public var failures: [FailureGroup]
  public var attention: [Attention]
  /// When the leader sampled last, RFC 3339 in UTC; nil: never, or not any more.
  public var sampledAt: String?
  /// Tasks that ended a second in all jobs, by sample, the newest last; 60 at most.
  public var throughput: [Double]
  /// The database's clock.
  public var now: String

  public var json: JSON {
    [
      "tiles": tiles.json, "jobs": .array(jobs.map(\.json)), "cut": .bool(isCut), "failures": .array(failures.map(\.json)),
      "attention": .array(attention.map(\.json)), "sampled_at": JSON(orNull: sampledAt),
      "throughput": .array(throughput.map { JSON($0) }), "now": .string(now),
    ]
  }
}
