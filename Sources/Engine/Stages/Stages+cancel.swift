import Database

extension Stages {
  /// Takes what is queued of a stage that is to be cancelled out of the queue; closes it when nothing of it is running.
  func purge(_ counters: StageCounters, in tx: Transaction) throws -> Advance {
    guard counters.state == "running" else { return Advance() }
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
