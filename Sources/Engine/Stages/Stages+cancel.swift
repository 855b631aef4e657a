import Database
import Workflow

extension Stages {
  /// Takes all that is queued of a job out of the queue; the job ends now, or with its last running task.
  func cancel(_ job: LockedJob, _ stop: Control.Stop, in tx: Transaction) throws -> Advance {
    let jobID = job.head.jobID
    try tx.execute(
      """
      UPDATE jobs SET cancel_requested_at = coalesce(cancel_requested_at, now()), cancel_now = cancel_now OR \(stop == .now),
          state = CASE state WHEN 'paused' THEN 'running' ELSE state END, paused_at = NULL, paused_by = NULL, paused_why = NULL
      WHERE id = \(jobID)
      """)
    try Control.release(job.keys(in: [.paused]), in: tx)
    for stage in job.stages where stage.isOpen {
      var stage = stage
      stage.isCancelling = true
      _ = try purge(stage, in: tx)
    }
    return try advance(jobID, in: tx)
  }

  /// Takes what is queued of a stage that is to be cancelled out of the queue; closes it when nothing of it is running.
  func purge(_ counters: StageCounters, in tx: Transaction) throws -> Advance {
    guard counters.isOpen else { return Advance() }
    try tx.execute("DELETE FROM ready WHERE stage_id = \(counters.stageID)")
    let rows = try tx.query(
      """
      UPDATE stage_counters c SET queued = 0, retrying = 0, expanded = s.tasks_total,
          cancelled = s.tasks_total - c.completed - c.failed - c.running
      FROM stages s, jobs j
      WHERE c.stage_id = \(counters.stageID) AND s.id = c.stage_id AND j.id = s.job_id
      RETURNING \(raw: StageCounters.columns)
      """)
    guard let row = rows.first else { return Advance() }
    let left = try StageCounters(row)
    return left.isDone ? try close(left, result: nil, in: tx) : Advance()
  }
}
