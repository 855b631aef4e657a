import Database
import Workflow

// Apart from the claim because housekeeping runs it: tasks that wait are nobody's.
extension Queue {
  /// Tasks that one transaction ends.
  private static let expiryChunk = 500

  /// Fails tasks that have waited in the queue for longer than their stage's `queue_timeout`; answers the jobs that ended by it.
  ///
  /// Counts from when a task was due, and not while its stage is paused. Any number of hosts may call it at once.
  /// - Parameter otherwise: the limit of a stage that has none, by handler.
  public func expire(otherwise: [String: Duration] = [:]) throws -> [Int64] {
    var endedJobs: [Int64] = []
    for stage in try overdue(otherwise) {
      while true {
        let answer = try database.retryingTransaction { tx in
          let tasks = try Self.take(stage, in: tx)
          return (tasks.count, try store(tasks.map { Self.expired($0, stage) }, host: 0, in: tx))
        }
        endedJobs += answer.1.endedJobs
        if answer.0 < Self.expiryChunk { break }
      }
    }
    return endedJobs
  }

  private struct OverdueStage {
    var key: Int64
    var subject: String
    var milliseconds: Int
    var itemsTotal: Int?
    var batch: Int?
  }

  private func overdue(_ otherwise: [String: Duration]) throws -> [OverdueStage] {
    let limits = otherwise.sorted { $0.key < $1.key }
    return try database.withConnection { connection in
      let rows = try connection.query(
        """
        SELECT s.id, s.handler, s.job_id, s.name, coalesce(s.queue_timeout_ms, d.ms), s.items_total, s.batch
        FROM stages s JOIN stage_counters c ON c.stage_id = s.id
        LEFT JOIN unnest(\(limits.map(\.key))::text[], \(limits.map { Int($0.value / .milliseconds(1)) })::bigint[]) AS d (handler, ms)
          ON d.handler = s.handler
        WHERE s.state = 'running' AND c.queued + c.retrying > 0 AND coalesce(s.queue_timeout_ms, d.ms) IS NOT NULL
          AND EXISTS (SELECT FROM ready r WHERE r.stage_id = s.id
                      AND r.due_at < now() - coalesce(s.queue_timeout_ms, d.ms) * interval '1 millisecond')
        ORDER BY s.id
        """)
      return try rows.map { row in
        OverdueStage(
          key: Int64(try row.int(0)), subject: "handler \"\(try row.string(1))\", task \(try row.int(2))/\(try row.string(3))/",
          milliseconds: try row.int(4), itemsTotal: try row.intOrNil(5), batch: try row.intOrNil(6))
      }
    }
  }

  /// Takes overdue tasks as a claim does, for no host.
  private static func take(_ stage: OverdueStage, in tx: Transaction) throws -> [ClaimedTask] {
    let rows = try tx.query(
      """
      WITH counters AS (
          SELECT FROM stage_counters c JOIN stages s ON s.id = c.stage_id
          WHERE c.stage_id = \(stage.key) AND s.state = 'running' AND NOT c.held FOR UPDATE OF c),
      taken AS (
          DELETE FROM ready WHERE ctid = ANY(ARRAY(
              SELECT ctid FROM ready
              WHERE stage_id = \(stage.key) AND due_at < now() - \(stage.milliseconds) * interval '1 millisecond'
                AND EXISTS (SELECT FROM counters)
              ORDER BY due_at, n LIMIT \(expiryChunk) FOR UPDATE SKIP LOCKED))
          RETURNING n, attempt, failures, kills),
      \(raw: opening(stage.key, host: 0))
      """)
    return try tasks(of: stage.key, rows)
  }

  private static func expired(_ task: ClaimedTask, _ stage: OverdueStage) -> Completion {
    var completion = Completion(task: task, end: .timeout, verdict: .failed)
    let limit = DurationText.text(of: .milliseconds(stage.milliseconds))
    completion.message = "\(stage.subject)\(task.n): waited in the queue for longer than \(limit) (queue_timeout)"
    let batch = stage.batch ?? 1
    completion.itemsOfTask = stage.itemsTotal.map { max(0, min(batch, $0 - task.n * batch)) } ?? 1
    return completion
  }
}
