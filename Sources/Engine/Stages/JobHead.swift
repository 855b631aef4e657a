import Database
import Workflow

/// A job's own row as a transaction sees it, with its definition. Locked, it stays as it is until the transaction ends.
struct JobHead {
  var jobID: Int64
  var state: JobState
  var isCancelling: Bool
  /// Its deadline has passed: it ends as failed.
  var isOverdue: Bool
  /// Paused, and not to be cancelled: no stage of it opens.
  var isHeld: Bool { state == .paused && !isCancelling }
  var definition: WorkflowDefinition
  /// The number of that version.
  var version: Int
  var trace: JobTrace
  /// What expressions can read of the job itself.
  var scope: TaskScope

  /// Locks the row when `locking`, so that one transaction at a time decides on the job.
  static func read(_ jobID: Int64, stages: Stages, locking: Bool, in tx: Transaction) throws -> JobHead {
    let lock: SQL = locking ? " FOR UPDATE" : ""
    let jobs = try tx.query(
      """
      SELECT workflow, workflow_version, params, state, cancel_requested_at IS NOT NULL, dedup_key, deadline_passed,
             \(raw: Traces.micros("created_at")), traceparent
      FROM jobs WHERE id = \(jobID)\(raw: lock)
      """)
    guard let job = jobs.first else { throw EngineError(.noJob, subject: "\(jobID)") }
    let workflow = try job.string(0)
    let version = try job.int(1)
    let definition = try stages.definition(Stages.WorkflowKey(name: workflow, version: version), in: tx)
    let values = JSON.object(
      JSONObject([
        ("id", .string("\(jobID)")), ("workflow", .string(workflow)),
        ("dedup_key", try job.stringOrNil(5).map(JSON.string) ?? .null),
      ]))
    return JobHead(
      jobID: jobID, state: JobState(rawValue: try job.string(3)) ?? .running, isCancelling: try job.bool(4), isOverdue: try job.bool(6),
      definition: definition, version: version,
      trace: JobTrace(jobID: jobID, createdAt: Int64(try job.int(7)), traceparent: try job.stringOrNil(8)),
      scope: TaskScope(params: RawJSON(unchecked: try job.text(2)[...]), job: RawJSON(values)))
  }
}
