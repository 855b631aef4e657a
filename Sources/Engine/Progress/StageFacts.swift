import Database
import Workflow

/// What cards need to know of a stage besides what is shown of it.
struct StageFacts {
  /// Seconds of the epoch, as in `StageSample.at`.
  var opened: Double?
  /// Since it opened, or how long it took.
  var elapsed: Duration?
  /// Attempts that failed.
  var failedAttempts: Int
  /// What its running tasks say is done of them: 0 to the number of them.
  var inHand: Double
  /// The same in their handler's unit.
  var live: Double

  /// Of all stages of these jobs, by the stages' keys.
  static func read(_ jobs: [Int64], in tx: Transaction) throws -> [Int64: StageFacts] {
    let rows = try tx.query(
      """
      WITH said AS (
          SELECT stage_id, sum(CASE WHEN total > 0 THEN least(done / total, 1) ELSE 0 END)::float8 AS part, sum(done)::float8 AS done
          FROM progress GROUP BY stage_id)
      SELECT s.id, extract(epoch FROM s.opened_at)::float8,
             extract(epoch FROM coalesce(s.finished_at, now()) - s.opened_at)::float8,
             coalesce((SELECT sum(g.attempts) FROM failure_groups g WHERE g.stage_id = s.id), 0), coalesce(said.part, 0), coalesce(said.done, 0)
      FROM stages s LEFT JOIN said ON said.stage_id = s.id AND s.finished_at IS NULL
      WHERE s.job_id = ANY(\(jobs)::bigint[]) AND s.reuses IS NULL
      """)
    return try rows.reduce(into: [:]) { facts, row in
      facts[Int64(try row.int(0))] = StageFacts(
        opened: try row.doubleOrNil(1), elapsed: try row.doubleOrNil(2).map { .seconds(max(0, $0)) }, failedAttempts: try row.int(3),
        inHand: try row.double(4), live: try row.double(5))
    }
  }
}
