public import Workflow

/// A job at a glance: how far, how fast, how long still, what fails and what waits.
public struct JobCard: Sendable {
  public var id: Int64
  public var workflow: String
  public var version: Int
  public var labels: [String]
  public var priority: Int
  public var state: JobState
  public var isCancelling: Bool
  /// Why nothing of it runs; nil when something does, or it has ended.
  public var waitingReason: WaitingReason?
  /// Times are RFC 3339 in UTC.
  public var createdAt: String
  public var startedAt: String?
  public var finishedAt: String?
  /// Why it failed.
  public var error: String?
  /// Tasks of all stages that have begun, by state: the segments of the bar.
  public var counts: TaskCounts
  /// 0 to 1 of the whole job; never runs backwards while no operator turns it back.
  public var progress: Double
  /// Tasks a second, weighted by time; nil while it is not known.
  public var rate: Double?
  /// Tasks a second between the last 30 samples, the newest last; fewer for a job that has just begun.
  public var sparkline: [Double]
  public var eta: ETA
  /// What its plugins declare, of what was reported.
  public var domain: [DomainFigure]
  /// In the order of the workflow.
  public var stages: [StageBar]

  public var json: JSON {
    [
      "id": .string("\(id)"), "workflow": .string(workflow), "workflow_version": .number(JSONNumber(version)),
      "labels": .array(labels.map(JSON.string)), "priority": .number(JSONNumber(priority)), "state": .string(state.rawValue),
      "cancelling": .bool(isCancelling), "waiting_reason": waitingReason?.json ?? .null, "created_at": .string(createdAt),
      "started_at": JSON(orNull: startedAt), "finished_at": JSON(orNull: finishedAt), "error": JSON(redacting: error),
      "tasks": counts.json, "progress": JSON(progress), "rate": JSON(orNull: rate),
      "sparkline": .array(sparkline.map { JSON($0) }), "eta": eta.json, "domain": .array(domain.map(\.json)),
      "stages": .array(stages.map(\.json)),
    ]
  }
}

extension JSON {
  init(orNull number: Double?) { self = number.map { JSON($0) } ?? .null }
}
