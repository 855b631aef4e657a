public import Workflow

/// A stage of a job at a glance.
public struct StageBar: Sendable {
  /// Its id in the workflow.
  public var id: String
  public var handler: String
  public var state: StageState
  public var counts: TaskCounts
  /// 0 to 1; what running tasks say of themselves counts in part.
  public var progress: Double
  /// Its part of the whole job's progress: 0 to 1.
  public var weight: Double
  /// Tasks a second, weighted by time; of a stage that ended, over all of its time.
  public var rate: Double?
  public var eta: ETA
  public var waitingReason: WaitingReason?
  public var items: Int
  public var rejects: Int
  /// Why it failed or was skipped.
  public var reason: String?
  /// RFC 3339 in UTC.
  public var openedAt: String?
  public var finishedAt: String?

  public var json: JSON {
    [
      "id": .string(id), "handler": .string(handler), "state": .string(state.rawValue), "tasks": counts.json,
      "progress": JSON(progress), "weight": JSON(weight), "rate": JSON(orNull: rate), "eta": eta.json,
      "waiting_reason": waitingReason?.json ?? .null, "items": .number(JSONNumber(items)), "rejects": .number(JSONNumber(rejects)),
      "reason": JSON(redacting: reason), "opened_at": JSON(orNull: openedAt), "finished_at": JSON(orNull: finishedAt),
    ]
  }
}
