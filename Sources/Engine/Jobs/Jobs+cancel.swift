import Database
import Workflow

extension Jobs {
  /// Cancels a job: nothing more of it starts; what runs is asked to stop by the hosts. A repeat changes nothing.
  ///
  /// The job ends with its last running task.
  /// - Throws: `.noJob`; `.jobHasEnded` when it has, unless it was cancelled.
  public func cancel(_ jobID: Int64, by actor: Actor) throws {
    try database.retryingTransaction { tx in
      let rows = try tx.query("SELECT state, cancel_requested_at IS NOT NULL FROM jobs WHERE id = \(jobID) FOR UPDATE")
      guard let state = try rows.first.flatMap({ JobState(rawValue: try $0.string(0)) }) else {
        throw EngineError(.noJob, subject: "\(jobID)")
      }
      guard !state.isFinal else {
        if state == .cancelled { return }
        throw EngineError(.jobHasEnded(state), subject: "\(jobID)")
      }
      if try !(rows.first?.bool(1) ?? false) {
        try tx.execute("UPDATE jobs SET cancel_requested_at = now() WHERE id = \(jobID)")
        try Audit.record(actor, "job.cancel", subject: "job/\(jobID)", in: tx)
      }
      let running = try tx.query(
        """
        SELECT \(raw: StageCounters.columns)
        FROM stages s JOIN stage_counters c ON c.stage_id = s.id JOIN jobs j ON j.id = s.job_id
        WHERE s.job_id = \(jobID) AND s.state = 'running' ORDER BY s.id FOR UPDATE OF c
        """)
      for row in running { _ = try stages.purge(try StageCounters(row), in: tx) }
      _ = try stages.advance(jobID, in: tx)
    }
  }

  /// The attempts of a host whose job is to be cancelled, by token.
  public func cancelling(host: Int64) throws -> [Int64] {
    try database.withConnection { connection in
      try connection.query(
        """
        SELECT l.token FROM jobs j JOIN stages s ON s.job_id = j.id JOIN leases l ON l.stage_id = s.id
        WHERE j.cancel_requested_at IS NOT NULL AND j.finished_at IS NULL AND l.host_id = \(host)
        """
      ).map { Int64(try $0.int(0)) }
    }
  }
}
