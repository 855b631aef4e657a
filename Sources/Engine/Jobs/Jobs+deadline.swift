import Database
import Workflow

extension Jobs {
  /// Kills the jobs whose deadline has passed: they fail and say so. Answers how many; any number of hosts may call it at once.
  ///
  /// A job that is paused, or waits for a host, has its deadline all the same.
  public func overdue(limit: Int = 20) throws -> Int {
    let due = try database.withConnection { connection in
      try connection.query(
        """
        SELECT id FROM jobs WHERE deadline_at <= now() AND finished_at IS NULL AND deadline_at IS NOT NULL
          AND cancel_requested_at IS NULL ORDER BY deadline_at LIMIT \(limit)
        """
      ).map { Int64(try $0.int(0)) }
    }
    return try due.reduce(0) { count, id in try kill(id) ? count + 1 : count }
  }

  private func kill(_ jobID: Int64) throws -> Bool {
    try database.retryingTransaction { tx in
      let job = try LockedJob.take(jobID, stages: stages, in: tx)
      guard !job.head.state.isFinal, !job.head.isCancelling else { return false }
      try tx.execute("UPDATE jobs SET deadline_passed = true WHERE id = \(jobID)")
      _ = try stages.cancel(job, .now, in: tx)
      try Audit.record(.system, "job.deadline", subject: "job/\(jobID)", in: tx)
      return true
    }
  }
}
