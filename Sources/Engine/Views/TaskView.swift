public import Workflow

/// A task as it is shown: where it is now, and its last attempt.
public struct TaskView: Sendable {
  public var jobID: Int64
  public var stage: String
  public var n: Int
  public var state: TaskState
  /// Attempts that were opened so far.
  public var attempts: Int
  /// How the last attempt ended: `completed`, `crashed`, `timeout`, ...; nil while there is none.
  public var outcome: String?
  public var message: String?
  /// Of the last attempt if it failed: `Views.failureGroups` has what it has in common with others.
  public var fingerprint: String?
  public var details: RawJSON?
  public var result: RawJSON?
  /// The host that has it or had it last.
  public var host: String?
  /// When the next attempt may begin, of a task that waits.
  public var dueAt: String?
  public var startedAt: String?
  public var finishedAt: String?
  public var wallMicroseconds: Int?
  public var cpuMicroseconds: Int?
  public var peakRSSKiB: Int?
  public var progress: ProgressView?
  /// Of a task that waits for an attempt.
  public var waitingReason: WaitingReason?

  public var id: String { "\(jobID)/\(stage)/\(n)" }

  public var json: JSON {
    func number(_ value: Int?) -> JSON { value.map { .number(JSONNumber($0)) } ?? .null }
    return [
      "id": .string(id), "stage": .string(stage), "n": .number(JSONNumber(n)), "state": .string(state.rawValue),
      "attempts": .number(JSONNumber(attempts)), "outcome": JSON(orNull: outcome), "message": JSON(redacting: message),
      "fingerprint": JSON(orNull: fingerprint),
      "details": details.map { Redaction.byForm.json($0.parsed()) } ?? .null, "result": result?.parsed() ?? .null,
      "host": JSON(orNull: host),
      "due_at": JSON(orNull: dueAt), "started_at": JSON(orNull: startedAt), "finished_at": JSON(orNull: finishedAt),
      "wall_us": number(wallMicroseconds), "cpu_us": number(cpuMicroseconds), "peak_rss_kb": number(peakRSSKiB),
      "progress": progress?.json ?? .null, "waiting_reason": waitingReason?.json ?? .null,
    ]
  }
}

/// How far a running task says it is, in its handler's own unit; a total of 0 is unknown.
public struct ProgressView: Sendable {
  public var done: String
  public var total: String
  public var note: String?
  public var at: String

  public var json: JSON {
    [
      "done": .number(JSONNumber(Int(done) ?? 0)), "total": .number(JSONNumber(Int(total) ?? 0)),
      "note": JSON(orNull: note), "at": .string(at),
    ]
  }
}
