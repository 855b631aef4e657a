public import Workflow

/// A job as it is shown.
public struct JobView: Sendable {
  public var id: Int64
  public var workflow: String
  public var workflowVersion: Int
  public var state: JobState
  public var isCancelling: Bool
  /// A JSON object, defaults included, with `***` where the workflow marks a secret.
  public var params: RawJSON
  public var dedupKey: String?
  public var labels: [String]
  public var priority: Int
  /// Times are RFC 3339 in UTC.
  public var createdAt: String
  public var notBefore: String?
  public var startedAt: String?
  public var finishedAt: String?
  /// When it is killed if it has not ended; nil: never.
  public var deadlineAt: String?
  /// Which stages failed, and why.
  public var error: String?
  /// The job that this one is a rerun of, and the stage where it begins; nil: at the beginning.
  public var origin: Int64?
  public var originStage: String?
  public var paused: Pause?
  /// Nil when something of it runs, or it has ended.
  public var waitingReason: WaitingReason?
  /// In the order of the workflow.
  public var stages: [StageView]

  public var json: JSON {
    [
      "id": .string("\(id)"), "workflow": .string(workflow), "workflow_version": .number(JSONNumber(workflowVersion)),
      "state": .string(state.rawValue), "cancelling": .bool(isCancelling), "params": params.parsed(),
      "dedup_key": JSON(orNull: dedupKey), "labels": .array(labels.map(JSON.string)), "priority": .number(JSONNumber(priority)),
      "created_at": .string(createdAt), "not_before": JSON(orNull: notBefore), "started_at": JSON(orNull: startedAt),
      "finished_at": JSON(orNull: finishedAt), "deadline_at": JSON(orNull: deadlineAt), "error": JSON(redacting: error),
      "origin": origin.map { ["job_id": .string("\($0)"), "stage": JSON(orNull: originStage)] } ?? .null,
      "paused": paused?.json ?? .null, "waiting_reason": waitingReason?.json ?? .null, "stages": .array(stages.map(\.json)),
    ]
  }
}

/// A stage of a job as it is shown.
public struct StageView: Sendable {
  /// The stage's key in the database; not shown.
  public var key: Int64
  public var jobID: Int64
  /// Its id in the workflow.
  public var id: String
  public var handler: String
  public var state: StageState
  public var counts: TaskCounts
  public var items: Int
  public var rejects: Int
  /// Items of tasks that failed.
  public var failedItems: Int
  /// Of the one task of a stage without fan-out.
  public var result: RawJSON?
  /// What the workflow asks for, by name; decimal text.
  public var totals: [String: String]
  /// What handlers reported by `weir.metric/1`.
  public var metrics: [String: String]
  /// Why it failed or was skipped.
  public var reason: String?
  /// Nil while it is paused with its job only.
  public var paused: Pause?
  /// The job whose stage this is: a rerun took it over, with its tasks and items.
  public var reusedFrom: Int64?
  public var waitingReason: WaitingReason?
  public var openedAt: String?
  public var finishedAt: String?

  public var json: JSON {
    func numbers(_ values: [String: String]) -> JSON {
      .object(
        JSONObject(values.sorted { $0.key < $1.key }.map { ($0.key, RawJSON(unchecked: Array($0.value.utf8)[...]).parsed()) }))
    }
    return [
      "id": .string(id), "handler": .string(handler), "state": .string(state.rawValue), "tasks": counts.json,
      "items": .number(JSONNumber(items)), "rejects": .number(JSONNumber(rejects)),
      "failed_items": .number(JSONNumber(failedItems)), "result": result?.parsed() ?? .null, "totals": numbers(totals),
      "metrics": numbers(metrics), "reason": JSON(redacting: reason), "opened_at": JSON(orNull: openedAt),
      "finished_at": JSON(orNull: finishedAt), "paused": paused?.json ?? .null,
      "reused_from": JSON(orNull: reusedFrom.map { "\($0)" }), "waiting_reason": waitingReason?.json ?? .null,
    ]
  }
}

/// How many tasks of a stage are in which state; they add up to `total`.
public struct TaskCounts: Sendable, Hashable {
  public var total: Int
  /// Tasks that are not in the queue yet included.
  public var queued: Int
  public var retrying: Int
  public var running: Int
  public var completed: Int
  public var failed: Int
  public var cancelled: Int

  public static func + (one: TaskCounts, other: TaskCounts) -> TaskCounts {
    TaskCounts(
      total: one.total + other.total, queued: one.queued + other.queued, retrying: one.retrying + other.retrying,
      running: one.running + other.running, completed: one.completed + other.completed, failed: one.failed + other.failed,
      cancelled: one.cancelled + other.cancelled)
  }

  public var json: JSON {
    [
      "total": .number(JSONNumber(total)), "queued": .number(JSONNumber(queued)),
      "running": .number(JSONNumber(running)), "retrying": .number(JSONNumber(retrying)),
      "completed": .number(JSONNumber(completed)), "failed": .number(JSONNumber(failed)),
      "cancelled": .number(JSONNumber(cancelled)),
    ]
  }
}

extension JSON {
  init(orNull text: String?) { self = text.map(JSON.string) ?? .null }

  /// A message, without what has the form of a secret.
  init(redacting text: String?) { self = text.map { .string(Redaction.byForm.text($0)) } ?? .null }
}
