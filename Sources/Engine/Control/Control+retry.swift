import Database
import Workflow

extension Control {
  /// Tries failed tasks of a job again, with all their attempts; the job and the stages open again if they had ended.
  ///
  /// Every stage behind one that opens again goes back to waiting, whether it was skipped or had run: what it gave came of
  /// input that changes now, so it is discarded, and all of it runs again. Nothing happens when no failed task matches.
  /// - Throws: `.noJob`, `.noStage`, `.jobIsCancelling`; `.jobHasEnded` when it was cancelled; `.stageBehindRuns` while tasks
  ///   behind run; `.stageIsReused` when a rerun reads what would be discarded.
  public func retry(_ jobID: Int64, _ filter: RetryFilter = RetryFilter(), by actor: Actor) throws -> Retried {
    try database.retryingTransaction { tx in
      let job = try LockedJob.take(jobID, stages: stages, in: tx)
      if job.head.isCancelling, job.head.state.isFinal { throw EngineError(.jobHasEnded(job.head.state), subject: job.subject) }
      if job.head.isCancelling { throw EngineError(.jobIsCancelling, subject: job.subject) }
      if let stage = filter.stage { _ = try job.stage(stage) }
      let failed = try job.stages.filter { stage in
        try stage.failed > 0 && (filter.stage ?? stage.name) == stage.name && isThere(filter, in: stage.stageID, tx)
      }
      let behind = job.head.definition.stages(behind: Set(failed.map(\.name)))
      let opened = failed.filter { !behind.contains($0.name) }
      guard !opened.isEmpty else { return Retried(tasks: 0, stages: [], putBack: []) }
      let putBack = job.stages.filter { behind.contains($0.name) && $0.state != StageState.waiting.rawValue }
      try self.putBack(putBack, in: tx)
      let tasks = try requeue(opened.map { Int($0.stageID) }, filter, in: tx)
      try reopen(job, opened, in: tx)
      let retried = Retried(tasks: tasks, stages: opened.map(\.name), putBack: putBack.map(\.name))
      try Audit.record(actor, "job.retry", subject: "job/\(job.subject)", details: details(filter, retried), in: tx)
      return retried
    }
  }

  private func details(_ filter: RetryFilter, _ retried: Retried) -> JSON {
    .object(
      JSONObject([
        ("stage", JSON(orNull: filter.stage)), ("outcome", JSON(orNull: filter.outcome)),
        ("fingerprint", JSON(orNull: filter.fingerprint)), ("tasks", .number(JSONNumber(retried.tasks))),
        ("put_back", .array(retried.putBack.map(JSON.string))),
      ]))
  }

  /// For `WHERE` over `attempts a`: final ones of tasks that failed. In the words of the index `attempts_failed`.
  private static func matches(_ filter: RetryFilter) -> SQL {
    """
    a.final AND a.outcome <> 'completed' AND a.outcome <> 'cancelled'
    AND (\(filter.outcome)::text IS NULL OR a.outcome = \(filter.outcome))
    AND (\(filter.fingerprint)::text IS NULL OR a.fingerprint = \(filter.fingerprint))
    """
  }

  private func isThere(_ filter: RetryFilter, in stage: Int64, _ tx: Transaction) throws -> Bool {
    try !tx.query("SELECT FROM attempts a WHERE a.stage_id = \(stage) AND \(raw: Self.matches(filter)) LIMIT 1").isEmpty
  }

  /// Puts the tasks into the queue and moves the counters; answers how many they are.
  private func requeue(_ keys: [Int], _ filter: RetryFilter, in tx: Transaction) throws -> Int {
    let rows = try tx.query(
      """
      WITH chosen AS (
          UPDATE attempts a SET final = false WHERE a.stage_id = ANY(\(keys)::bigint[]) AND \(raw: Self.matches(filter))
          RETURNING a.stage_id, a.n, a.attempt, a.fingerprint),
      queued AS (
          INSERT INTO ready (stage_id, n, due_at, attempt) SELECT stage_id, n, now(), attempt FROM chosen),
      regrouped AS (
          UPDATE failure_groups g SET failed = greatest(g.failed - k.tasks, 0)
          FROM (SELECT stage_id, fingerprint, count(*) AS tasks FROM chosen GROUP BY 1, 2) k
          WHERE g.stage_id = k.stage_id AND g.fingerprint = k.fingerprint),
      delta AS (
          SELECT s.id, count(*)::int AS tasks,
                 sum(least(coalesce(s.batch, 1), coalesce(s.items_total - c.n::bigint * coalesce(s.batch, 1), 1))) AS items
          FROM chosen c JOIN stages s ON s.id = c.stage_id GROUP BY s.id)
      UPDATE stage_counters c SET
          failed = c.failed - d.tasks, queued = c.queued + d.tasks,
          failed_items = CASE WHEN c.failed = d.tasks THEN 0 ELSE greatest(c.failed_items - d.items, 0) END
      FROM delta d WHERE c.stage_id = d.id RETURNING d.tasks
      """)
    return try rows.reduce(0) { try $0 + $1.int(0) }
  }

  /// The stages and their job go on, or are paused if the job is.
  private func reopen(_ job: LockedJob, _ opened: [StageCounters], in tx: Transaction) throws {
    let ended = opened.filter { !$0.isOpen }.map { Int($0.stageID) }
    if !ended.isEmpty {
      try tx.execute(
        "UPDATE stages SET state = 'running', finished_at = NULL, reason = NULL, result = NULL WHERE id = ANY(\(ended)::bigint[])")
    }
    if job.head.state == .paused { try Self.hold(ended, in: tx) }
    guard job.head.state.isFinal else { return }
    try tx.execute(
      """
      UPDATE jobs SET state = 'running', finished_at = NULL, error = NULL, deadline_at = now() + deadline_ms * interval '1 millisecond'
      WHERE id = \(job.head.jobID)
      """)
  }

  /// Puts stages back to waiting, as if they had never opened.
  ///
  /// Each gets another key: hosts keep a stage's plan and items by its key, and tokens of its attempts end with it.
  private func putBack(_ putBack: [StageCounters], in tx: Transaction) throws {
    if let busy = putBack.first(where: { $0.running > 0 }) {
      throw EngineError(.stageBehindRuns(tasks: busy.running), subject: "\(busy.jobID)/\(busy.name)")
    }
    let keys = putBack.map { Int($0.stageID) }
    guard !keys.isEmpty else { return }
    let readers = try tx.query(
      """
      SELECT s.job_id, s.name, r.job_id FROM stages r JOIN stages s ON s.id = r.reuses
      WHERE r.reuses = ANY(\(keys)::bigint[]) ORDER BY r.job_id LIMIT 1
      """)
    if let row = readers.first {
      throw EngineError(.stageIsReused(by: Int64(try row.int(2))), subject: "\(try row.int(0))/\(try row.string(1))")
    }
    try tx.execute(
      """
      INSERT INTO discarded (token)
      SELECT DISTINCT token FROM item_ranges WHERE stage_id = ANY(\(keys)::bigint[]) ON CONFLICT DO NOTHING
      """)
    for table in ["ready", "attempts", "checkpoints", "task_logs", "item_ranges", "stage_totals", "failure_groups", "stage_counters"] {
      try tx.execute("DELETE FROM \(identifier: table) WHERE stage_id = ANY(\(keys)::bigint[])")
    }
    try tx.execute(
      """
      WITH renewed AS (
          UPDATE stages SET id = DEFAULT, state = 'waiting', items_from = NULL, items_total = NULL, batch = NULL, tasks_total = NULL,
              result = NULL, reason = NULL, opened_at = NULL, finished_at = NULL, paused_at = NULL, paused_by = NULL,
              paused_why = NULL, reuses = NULL
          WHERE id = ANY(\(keys)::bigint[]) RETURNING id)
      INSERT INTO stage_counters (stage_id) SELECT id FROM renewed
      """)
  }
}
