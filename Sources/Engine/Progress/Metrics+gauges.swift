import Database
import Workflow

extension Metrics {
  /// What a monitoring system asks for every few seconds.
  public func gauges() throws -> Gauges {
    try reading { tx in
      var gauges = Gauges(
        jobs: try counts("SELECT state, count(*) FROM jobs WHERE finished_at IS NULL GROUP BY state", in: tx), loads: try loads(in: tx),
        hosts: try counts(Self.hostStates, in: tx),
        slots: try tx.query(
          "SELECT coalesce(sum(slots), 0) FROM hosts WHERE ended_at IS NULL AND lease_until > now()"
        ).one().int(0), domain: try openDomain(in: tx),
        attention: Dictionary(grouping: try attention(in: tx), by: \.kind.rawValue).mapValues(\.count))
      if try table.stands(in: tx) {
        let rows = try tx.query(
          """
          SELECT work, extract(epoch FROM now() - sampled_at)::float8 FROM job_metrics WHERE job_id = 0 ORDER BY sampled_at DESC LIMIT 1
          """)
        (gauges.tasksPerSecond, gauges.sampleAge) = (try rows.first?.double(0), try rows.first?.double(1))
      }
      return gauges
    }
  }

  private static let hostStates: SQL = """
    SELECT CASE WHEN lease_until < now() THEN 'late' WHEN stopping_at IS NOT NULL THEN 'stopping' ELSE 'alive' END, count(*)
    FROM hosts WHERE ended_at IS NULL GROUP BY 1
    """

  private func counts(_ sql: SQL, in tx: Transaction) throws -> [String: Int] {
    try tx.query(sql).reduce(into: [:]) { counts, row in counts[try row.string(0)] = try row.int(1) }
  }

  private func loads(in tx: Transaction) throws -> [Gauges.Load] {
    try tx.query(
      """
      SELECT s.handler,
             sum(greatest(0, coalesce(s.tasks_total, 0) - c.completed - c.failed - c.cancelled - c.running - c.retrying)),
             sum(c.retrying), sum(c.running),
             coalesce(max(extract(epoch FROM now() - (SELECT min(r.due_at) FROM ready r WHERE r.stage_id = s.id AND r.due_at <= now()))),
                      0)::float8
      FROM stages s JOIN stage_counters c ON c.stage_id = s.id WHERE s.state = 'running' GROUP BY s.handler ORDER BY s.handler
      """
    ).map { row in
      Gauges.Load(
        handler: try row.string(0), queued: try row.int(1), retrying: try row.int(2), running: try row.int(3),
        oldestSeconds: try row.double(4))
    }
  }

  private func openDomain(in tx: Transaction) throws -> [Gauges.Domain] {
    try tx.query(
      """
      SELECT h.plugin, t.name, sum(t.value)::float8
      FROM jobs j JOIN stages s ON s.job_id = j.id AND s.reuses IS NULL JOIN stage_totals t ON t.stage_id = s.id AND t.kind = 'metric'
      CROSS JOIN LATERAL (SELECT plugin FROM handlers WHERE name = s.handler ORDER BY seen_at DESC LIMIT 1) h
      WHERE j.finished_at IS NULL AND t.aggregate = 'sum' GROUP BY h.plugin, t.name ORDER BY h.plugin, t.name LIMIT 1000
      """
    ).map { Gauges.Domain(plugin: try $0.string(0), name: try $0.string(1), value: try $0.double(2)) }
  }
}
