import Database
import Workflow

/// What a batch of failures leaves behind: groups by fingerprint, stages over their budget, builds in quarantine.
///
/// Called only where something failed, after the counters of the stages were locked: groups of a stage are moved by one
/// transaction at a time.
struct Failures {
  private let failures: [Failure]
  /// Tasks whose runners a build may end within an hour; 0: any number.
  private let quarantineAfter: Int

  init(_ failures: [Failure], quarantineAfter: Int) {
    self.failures = failures
    self.quarantineAfter = quarantineAfter
  }

  func store(in tx: Transaction) throws {
    guard !failures.isEmpty else { return }
    try group(in: tx)
    try pauseStages(in: tx)
    try quarantine(in: tx)
  }

  private func group(in tx: Transaction) throws {
    try tx.execute(
      """
      WITH told AS (
          SELECT t.*, NOT EXISTS (
                     SELECT FROM attempts a WHERE a.stage_id = t.stage_id AND a.n = t.n AND a.fingerprint = t.fingerprint
                       AND a.token <> t.token) AS first
          FROM unnest(\(failures.map { Int($0.completion.task.stageID) })::bigint[], \(failures.map(\.completion.task.n))::int[],
                      \(failures.map { Int($0.completion.task.token) })::bigint[], \(failures.map(\.fingerprint.id))::text[],
                      \(failures.map(\.completion.end.rawValue))::text[], \(failures.map(\.fingerprint.text))::text[],
                      \(failures.map(\.message))::text[], \(failures.map { $0.completion.verdict == .failed })::boolean[])
               WITH ORDINALITY AS t (stage_id, n, token, fingerprint, outcome, text, message, final, place))
      INSERT INTO failure_groups AS g (stage_id, fingerprint, outcome, text, message, n, attempts, tasks, failed)
      SELECT stage_id, fingerprint, min(outcome), min(text), (array_agg(message ORDER BY place DESC))[1],
             (array_agg(n ORDER BY place DESC))[1], count(*), count(DISTINCT n) FILTER (WHERE first), count(*) FILTER (WHERE final)
      FROM told GROUP BY stage_id, fingerprint ORDER BY stage_id, fingerprint
      ON CONFLICT (stage_id, fingerprint) DO UPDATE SET
          attempts = g.attempts + excluded.attempts, tasks = g.tasks + excluded.tasks, failed = g.failed + excluded.failed,
          message = excluded.message, n = excluded.n, last_at = now()
      """)
  }

  /// Pauses the stages of which more tasks failed alike than their budget bears, unless they are about to end anyway.
  private func pauseStages(in tx: Transaction) throws {
    let keys = Set(failures.map { Int($0.completion.task.stageID) }).sorted()
    let rows = try tx.query(
      """
      UPDATE stages s SET paused_at = now(), paused_by = 'weir',
          paused_why = format('%s tasks failed alike, and its failure_budget bears %s: %s', g.tasks - g.forgiven, s.failure_limit, g.text)
      FROM failure_groups g, stage_counters c, jobs j
      WHERE s.id = ANY(\(keys)::bigint[]) AND s.failure_limit IS NOT NULL AND s.state = 'running'
        AND g.stage_id = s.id AND g.tasks - g.forgiven > s.failure_limit
        AND c.stage_id = s.id AND c.completed + c.failed + c.cancelled < s.tasks_total
        AND j.id = s.job_id AND j.cancel_requested_at IS NULL
      RETURNING s.id, s.job_id, s.name, s.paused_why
      """)
    try Control.hold(try rows.map { try $0.int(0) }, in: tx)
    for row in rows {
      let details: JSON = ["stage": .string(try row.string(2)), "why": .string(try row.string(3))]
      try Audit.record(.system, "job.pause", subject: "job/\(try row.int(1))", details: details, in: tx)
    }
  }

  private func quarantine(in tx: Transaction) throws {
    let kills = failures.filter { $0.completion.end.killedRunner }
    guard quarantineAfter > 0, !kills.isEmpty else { return }
    let rows = try tx.query(
      """
      INSERT INTO runner_kills (library_hash, stage_id, n, handler)
      SELECT DISTINCT o.library_hash, t.stage_id, t.n, s.handler
      FROM unnest(\(kills.map { Int($0.completion.task.stageID) })::bigint[], \(kills.map(\.completion.task.n))::int[],
                  \(kills.map { Int($0.completion.task.token) })::bigint[]) AS t (stage_id, n, token)
      JOIN attempts a ON a.stage_id = t.stage_id AND a.n = t.n AND a.token = t.token
      JOIN stages s ON s.id = t.stage_id JOIN offers o ON o.host_id = a.host_id AND o.handler = s.handler
      ORDER BY 1, 2, 3
      ON CONFLICT (library_hash, stage_id, n) DO UPDATE SET at = now() RETURNING library_hash
      """)
    let hashes = Set(try rows.map { try $0.string(0) }).sorted()
    guard !hashes.isEmpty else { return }
    let quarantined = try tx.query(
      """
      WITH old AS (DELETE FROM runner_kills WHERE library_hash = ANY(\(hashes)::text[]) AND at < now() - interval '1 day')
      INSERT INTO quarantines (library_hash, plugin, handler, tasks, message)
      SELECT k.library_hash, coalesce((SELECT plugin FROM handlers h WHERE h.library_hash = k.library_hash LIMIT 1), ''),
             (array_agg(k.handler ORDER BY k.at DESC))[1], count(*), \(kills.last?.message)
      FROM runner_kills k WHERE k.library_hash = ANY(\(hashes)::text[]) AND k.at > now() - interval '1 hour'
      GROUP BY k.library_hash HAVING count(*) >= \(quarantineAfter)
      ON CONFLICT DO NOTHING RETURNING library_hash, plugin, tasks
      """)
    for row in quarantined {
      let details: JSON = ["plugin": .string(try row.string(1)), "tasks": JSON(try row.int(2))]
      try Audit.record(.system, "build.quarantine", subject: "build/\(try row.string(0))", details: details, in: tx)
    }
  }
}
