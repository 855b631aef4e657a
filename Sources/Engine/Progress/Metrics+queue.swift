import Database
import Workflow

extension Metrics {
  /// What waits and runs, stage by stage, in the order in which hosts take it; at most `limit` stages.
  public func queue(limit: Int = 200) throws -> [QueueLine] {
    try reading { tx in
      let rows = try tx.query(
        """
        SELECT s.job_id, s.name, s.priority,
               (SELECT \(raw: Views.time("r.due_at")) FROM ready r WHERE r.stage_id = s.id AND r.due_at <= now() ORDER BY r.due_at LIMIT 1)
        FROM stages s WHERE s.state = 'running' ORDER BY s.priority DESC, s.job_id, s.position LIMIT \(limit)
        """)
      let lines = try rows.map { row in
        (job: Int64(try row.int(0)), stage: try row.string(1), priority: try row.int(2), due: try row.stringOrNil(3))
      }
      let jobs = Dictionary(try views.jobs(Array(Set(lines.map(\.job))), in: tx).map { ($0.id, $0) }) { first, _ in first }
      return lines.compactMap { line in
        guard let job = jobs[line.job], let stage = job.stages.first(where: { $0.id == line.stage }) else { return nil }
        return QueueLine(
          jobID: job.id, workflow: job.workflow, stage: stage.id, handler: stage.handler, priority: line.priority,
          queued: stage.counts.queued, retrying: stage.counts.retrying, running: stage.counts.running, dueSince: line.due,
          waitingReason: stage.waitingReason)
      }
    }
  }
}
