import Database
import Synchronization
public import Workflow

// The leader alone calls this: one statement over the stages that run, whatever their number of tasks.
extension Metrics {
  private static let upkeepEvery: Duration = .seconds(60)

  /// Keeps how every stage stands that runs or ended since the sample before; answers how many did.
  ///
  /// Makes the table if it is missing. Once a minute it thins what is older than ten minutes to one sample a minute, drops what is kept
  /// long enough, and keeps what is told of the end of jobs.
  @discardableResult
  public func sample(_ settings: MetricsSettings) throws -> Int {
    let stored: Int
    do {
      stored = try store()
    } catch let error as DatabaseError where SampleTable.isMissing(error) {
      try SampleTable.make(in: database)
      stored = try store()
    }
    if isDue(\.thinned) { try clean(settings) }
    if isDue(\.predicted) { try predict() }
    return stored - 1
  }

  private func isDue(_ upkeep: WritableKeyPath<Upkeep, ContinuousClock.Instant?>) -> Bool {
    self.upkeep.withLock { last in
      let now = ContinuousClock.now
      if let before = last[keyPath: upkeep], now - before < Self.upkeepEvery { return false }
      last[keyPath: upkeep] = now
      return true
    }
  }

  /// One statement is all that is sent; on a machine where tasks want every processor, each answer has to wait for its turn.
  private func store() throws -> Int {
    try database.withConnection { try $0.execute(Self.statement) }
  }

  private static let statement: SQL = """
    WITH moment AS (
        SELECT at AS before, extract(epoch FROM now() - at)::float8 AS span,
               CASE WHEN at IS NULL OR date_trunc('hour', now()) > at THEN 2 WHEN date_trunc('minute', now()) > at THEN 1 ELSE 0 END AS grain
        FROM (SELECT max(sampled_at) AS at FROM job_metrics WHERE job_id = 0) b
        -- for this transaction: what a crash of the server loses is a fifth of a second of a chart
        WHERE set_config('synchronous_commit', 'off', true) = 'off'),
    said AS (
        SELECT stage_id, sum(CASE WHEN total > 0 THEN least(done / total, 1) ELSE 0 END)::float8 AS part, sum(done)::float8 AS done
        FROM progress GROUP BY stage_id),
    seen AS (
        SELECT id FROM stages WHERE state = 'running'
        UNION SELECT s.id FROM moment m JOIN stages s ON s.finished_at > m.before),
    current AS (
        SELECT s.job_id, s.id, s.opened_at, s.finished_at IS NOT NULL AS is_over, coalesce(s.tasks_total, 0) AS tasks_total,
               greatest(0, coalesce(s.tasks_total, 0) - c.completed - c.failed - c.cancelled - c.running - c.retrying) AS queued,
               c.retrying, c.running, c.completed, c.failed, c.cancelled, c.items, c.rejects,
               c.completed + c.failed + c.cancelled AS ended, coalesce(said.part, 0) AS part, coalesce(said.done, 0) AS done
        FROM seen JOIN stages s ON s.id = seen.id JOIN stage_counters c ON c.stage_id = s.id LEFT JOIN said ON said.stage_id = s.id
        WHERE s.opened_at IS NOT NULL AND s.reuses IS NULL),
    previous AS (
        SELECT p.stage_id, p.completed + p.failed + p.cancelled AS ended
        FROM moment m JOIN job_metrics p ON p.sampled_at = m.before WHERE p.job_id > 0),
    pace AS (
        SELECT coalesce(sum(greatest(0, c.ended - coalesce(p.ended, CASE WHEN c.opened_at > m.before THEN 0 ELSE c.ended END))), 0)
               / nullif(min(m.span), 0) AS rate
        FROM moment m CROSS JOIN current c LEFT JOIN previous p ON p.stage_id = c.id)
    INSERT INTO job_metrics (job_id, stage_id, sampled_at, grain, tasks_total, queued, retrying, running, completed, failed, cancelled,
                             items, rejects, work, live, domain)
    SELECT c.job_id, c.id, now(), CASE WHEN c.is_over THEN 2 ELSE m.grain END, c.tasks_total, c.queued, c.retrying, c.running, c.completed,
           c.failed, c.cancelled, c.items, c.rejects, c.ended + c.part, c.done,
           (SELECT jsonb_object_agg(t.name, t.value) FROM stage_totals t WHERE t.stage_id = c.id AND t.kind = 'metric')
    FROM current c CROSS JOIN moment m
    UNION ALL
    SELECT 0, 0, now(), m.grain, 0, 0, 0, 0, 0, 0, 0, 0, 0, coalesce(p.rate, 0), 0, NULL FROM moment m CROSS JOIN pace p
    """

  /// Thins samples as they age, and drops those that were kept long enough.
  private func clean(_ settings: MetricsSettings) throws {
    try database.withConnection { connection in
      let fine = max(.seconds(600), settings.sampleInterval * 40)
      try connection.execute("DELETE FROM job_metrics WHERE sampled_at < now() - \(fine) AND grain = 0")
      try connection.execute(
        """
        DELETE FROM job_metrics m WHERE sampled_at < now() - \(settings.retention) AND (grain < 2 OR job_id = 0
            OR NOT EXISTS (SELECT FROM jobs j WHERE j.id = m.job_id AND j.finished_at IS NULL))
        """)
    }
  }

  /// Keeps what is told now of the end of each job that runs, the more seldom the longer it has been running.
  private func predict() throws {
    let cards = try reading { tx -> [JobCard] in
      let rows = try tx.query("SELECT id FROM jobs WHERE finished_at IS NULL AND state = 'running' ORDER BY id DESC LIMIT 500")
      return try self.cards(of: try views.jobs(rows.map { Int64(try $0.int(0)) }, in: tx), in: tx)
    }
    let told = cards.compactMap { card -> (id: Int64, low: Duration, high: Duration)? in
      guard case .band(let low, let high) = card.eta else { return nil }
      return (card.id, low, high)
    }
    guard !told.isEmpty else { return }
    try database.withConnection { connection in
      try connection.execute(
        """
        INSERT INTO predictions (job_id, soonest_at, latest_at)
        SELECT t.job, now() + t.low, now() + t.high
        FROM unnest(\(told.map { $0.id })::bigint[], \(told.map { $0.low })::interval[], \(told.map { $0.high })::interval[]) AS t (job, low, high)
        JOIN jobs j ON j.id = t.job AND j.finished_at IS NULL
        WHERE NOT EXISTS (SELECT FROM predictions p WHERE p.job_id = t.job
                          AND p.made_at > now() - greatest(interval '50 seconds', (now() - j.started_at) / 50))
        ON CONFLICT DO NOTHING
        """)
    }
  }
}
