import Database
import Workflow

// What the overview is made of besides cards.
extension Metrics {
  /// How long jobs are shown after their end.
  static let lately: Duration = .seconds(3600)

  /// Reads, and once more if the table of samples was dropped meanwhile.
  func reading<T>(_ body: (Transaction) throws -> T) throws -> T {
    do {
      return try database.transaction(access: .readOnly, body)
    } catch let error as DatabaseError where SampleTable.isMissing(error) {
      table.forget()
      return try database.transaction(access: .readOnly, body)
    }
  }

  /// The overview without jobs and their troubles: tiles, the clock and the last samples of all jobs.
  func glance(in tx: Transaction) throws -> Overview {
    let latest: SQL =
      try table.stands(in: tx)
      ? "SELECT sampled_at, work FROM job_metrics WHERE job_id = 0 ORDER BY sampled_at DESC LIMIT 60"
      : "SELECT NULL::timestamptz AS sampled_at, NULL::float8 AS work WHERE false"
    let row = try tx.query(
      """
      WITH open AS (SELECT id, state FROM jobs WHERE finished_at IS NULL),
      tasks AS (
          SELECT sum(c.running) AS running, sum(c.retrying) AS retrying, sum(c.failed) AS failed,
                 sum(greatest(0, coalesce(s.tasks_total, 0) - c.completed - c.failed - c.cancelled - c.running - c.retrying)) AS queued
          FROM open o JOIN stages s ON s.job_id = o.id AND s.opened_at IS NOT NULL AND s.reuses IS NULL
          JOIN stage_counters c ON c.stage_id = s.id),
      ended AS (
          SELECT sum(c.failed) AS failed FROM (\(raw: Self.endedLately)) j
          JOIN stages s ON s.job_id = j.id AND s.reuses IS NULL JOIN stage_counters c ON c.stage_id = s.id),
      alive AS (SELECT count(*) AS hosts, sum(slots) AS slots FROM hosts WHERE ended_at IS NULL AND lease_until > now()),
      latest AS (\(raw: latest))
      SELECT (SELECT count(*) FROM open WHERE state = 'running'), (SELECT count(*) FROM open WHERE state = 'queued'),
             (SELECT count(*) FROM open WHERE state = 'paused'), coalesce(t.running, 0), coalesce(t.queued, 0), coalesce(t.retrying, 0),
             coalesce(t.failed, 0) + coalesce(e.failed, 0), a.hosts, coalesce(a.slots, 0), \(raw: Views.time("now()")),
             (SELECT \(raw: Views.time("max(sampled_at)")) FROM latest),
             (SELECT coalesce(array_agg(work::text ORDER BY sampled_at), '{}') FROM latest)
      FROM tasks t CROSS JOIN ended e CROSS JOIN alive a
      """
    ).one()
    var tiles = Overview.Tiles()
    (tiles.runningJobs, tiles.queuedJobs, tiles.pausedJobs) = (try row.int(0), try row.int(1), try row.int(2))
    (tiles.runningTasks, tiles.queuedTasks, tiles.retryingTasks) = (try row.int(3), try row.int(4), try row.int(5))
    (tiles.failedTasks, tiles.hosts, tiles.slots) = (try row.int(6), try row.int(7), try row.int(8))
    let rates = try row.strings(11).compactMap(Double.init)
    let last = rates.suffix(3)
    tiles.tasksPerSecond = last.isEmpty ? 0 : last.reduce(0, +) / Double(last.count)
    return Overview(
      tiles: tiles, jobs: [], isCut: false, failures: [], attention: [], sampledAt: try row.stringOrNil(10), throughput: rates,
      now: try row.string(9))
  }

  /// Jobs that ended within the last hour, found by workflow, as the index has them.
  private static var endedLately: SQL {
    """
    SELECT l.* FROM (SELECT name FROM workflows WHERE version = 1) w
    CROSS JOIN LATERAL (SELECT * FROM jobs WHERE workflow = w.name AND finished_at > now() - \(lately)
                        ORDER BY finished_at DESC LIMIT 200) l
    """
  }

  /// Their keys and places; one more than the filter's limit when there are more.
  static func activeJobs(_ filter: Overview.Filter) -> SQL {
    let matches: SQL = """
      (\(filter.workflow)::text IS NULL OR j.workflow = \(filter.workflow))
      AND (\(filter.state?.rawValue)::text IS NULL OR j.state = \(filter.state?.rawValue))
      AND (cardinality(\(filter.labels)::text[]) = 0 OR \(raw: Jobs.labels) @> \(filter.labels)::text[])
      """
    return """
      SELECT id AS key, row_number() OVER (ORDER BY era, age, id DESC) AS place FROM (
          (SELECT id, 0 AS era, 0::float8 AS age FROM jobs j WHERE finished_at IS NULL AND \(raw: matches)
           ORDER BY id DESC LIMIT \(filter.limit + 1))
          UNION ALL
          (SELECT id, 1, -extract(epoch FROM finished_at)::float8 FROM (\(raw: endedLately)) j WHERE \(raw: matches)
           ORDER BY finished_at DESC LIMIT \(filter.limit + 1))) f
      ORDER BY place LIMIT \(filter.limit + 1)
      """
  }
}
