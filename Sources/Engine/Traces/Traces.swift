import Database
import Workflow

/// What spans are made of that no host sees alone: jobs and stages that ended.
public final class Traces: Sendable {
  private static let name = "jobs"
  /// What ends shows a little later: when its transaction is through.
  private static let lag: Duration = .seconds(10)
  /// Further back nothing is told of.
  private static let horizon: Duration = .seconds(3_600)

  private let database: Database

  init(database: Database) {
    self.database = database
  }

  /// Jobs that ended since this was asked last, by whatever host; none a second time. The leader asks again and again.
  public func ended(limit: Int = 5_000) throws -> [EndedJob] {
    try database.retryingTransaction { tx in
      try tx.execute("INSERT INTO trace_marks (name, at) VALUES (\(Self.name), now() - \(Self.lag)) ON CONFLICT DO NOTHING")
      // another host that thinks it leads: it tells of them
      guard try !tx.query("SELECT FROM trace_marks WHERE name = \(Self.name) FOR UPDATE SKIP LOCKED").isEmpty else { return [] }
      let rows = try tx.query(
        """
        SELECT j.id, \(raw: Self.micros("j.created_at")), j.traceparent, j.workflow, j.workflow_version, j.state, j.error,
               \(raw: Self.micros("coalesce(j.started_at, j.created_at)")), \(raw: Self.micros("j.finished_at"))
        FROM trace_marks m CROSS JOIN unnest(ARRAY(SELECT name FROM workflows WHERE version = 1)) AS w (name)
        CROSS JOIN LATERAL (
            SELECT * FROM jobs WHERE workflow = w.name AND finished_at > greatest(m.at, now() - \(Self.horizon))
              AND finished_at <= now() - \(Self.lag) ORDER BY finished_at LIMIT \(limit)) j
        WHERE m.name = \(Self.name) ORDER BY j.finished_at, j.id LIMIT \(limit)
        """)
      var jobs = try rows.map { row in
        EndedJob(
          trace: JobTrace(jobID: Int64(try row.int(0)), createdAt: Int64(try row.int(1)), traceparent: try row.stringOrNil(2)),
          workflow: try row.string(3), version: try row.int(4), state: try row.string(5), error: try row.stringOrNil(6),
          startedAt: Int64(try row.int(7)), finishedAt: Int64(try row.int(8)), stages: [])
      }
      // of those that ended in one moment all or none: the mark cannot lie among them
      if jobs.count == limit, let last = jobs.last, jobs[0].finishedAt < last.finishedAt {
        jobs.removeAll { $0.finishedAt == last.finishedAt }
      }
      guard let last = jobs.last else { return [] }
      try tx.execute(
        """
        UPDATE trace_marks SET at = timestamptz 'epoch' + \(last.finishedAt) * interval '1 microsecond' WHERE name = \(Self.name)
        """)
      try addStages(to: &jobs, in: tx)
      return jobs
    }
  }

  private func addStages(to jobs: inout [EndedJob], in tx: Transaction) throws {
    let rows = try tx.query(
      """
      SELECT s.job_id, s.name, s.handler, s.state, \(raw: Self.micros("s.opened_at")), \(raw: Self.micros("s.finished_at")),
             coalesce(s.tasks_total, 0), c.failed
      FROM stages s JOIN stage_counters c ON c.stage_id = s.id
      WHERE s.job_id = ANY(\(jobs.map(\.trace.jobID))::bigint[]) AND s.reuses IS NULL AND s.opened_at IS NOT NULL
        AND s.finished_at IS NOT NULL ORDER BY s.job_id, s.position
      """)
    var stages: [Int64: [EndedJob.Stage]] = [:]
    for row in rows {
      stages[Int64(try row.int(0)), default: []].append(
        EndedJob.Stage(
          name: try row.string(1), handler: try row.string(2), state: try row.string(3), openedAt: Int64(try row.int(4)),
          finishedAt: Int64(try row.int(5)), tasks: try row.int(6), failed: try row.int(7)))
    }
    for index in jobs.indices { jobs[index].stages = stages[jobs[index].trace.jobID] ?? [] }
  }

  static func micros(_ column: SQL) -> SQL { "(extract(epoch FROM \(raw: column)) * 1000000)::bigint" }
}
