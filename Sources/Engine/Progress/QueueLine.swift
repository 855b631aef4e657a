public import Workflow

/// What of one stage of a job waits or runs.
public struct QueueLine: Sendable {
  public var jobID: Int64
  public var workflow: String
  /// The stage's id in the workflow.
  public var stage: String
  public var handler: String
  public var priority: Int
  /// Tasks that are not in the queue yet included.
  public var queued: Int
  public var retrying: Int
  public var running: Int
  /// Since when the first of its tasks could run, RFC 3339 in UTC; nil when none could.
  public var dueSince: String?
  public var waitingReason: WaitingReason?

  public var json: JSON {
    func number(_ value: Int) -> JSON { .number(JSONNumber(value)) }
    return [
      "job_id": .string("\(jobID)"), "workflow": .string(workflow), "stage": .string(stage), "handler": .string(handler),
      "priority": number(priority), "queued": number(queued), "retrying": number(retrying), "running": number(running),
      "due_since": JSON(orNull: dueSince), "waiting_reason": waitingReason?.json ?? .null,
    ]
  }
}
