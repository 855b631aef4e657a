import Database
import Workflow

// What of schedules and datasets a person should look at: facts are read here, `Attention` judges them.
extension Metrics {
  private static let most = 50

  func lateSchedules(in tx: Transaction) throws -> [Attention] {
    try tx.query(
      """
      SELECT s.name, extract(epoch FROM now() - s.next_at)::float8, \(raw: Views.time("s.next_at")), f.why, \(raw: Views.time("f.fire_at"))
      FROM schedules s LEFT JOIN LATERAL (
          SELECT fire_at, outcome, coalesce(why, '') AS why FROM schedule_fires WHERE schedule_id = s.id ORDER BY fire_at DESC LIMIT 1
      ) f ON f.outcome = 'failed'
      WHERE s.paused_at IS NULL AND s.next_at IS NOT NULL AND (s.next_at < now() OR f.outcome IS NOT NULL)
      ORDER BY s.next_at LIMIT \(Self.most)
      """
    ).compactMap { row in
      let overdue = try row.double(1)
      return Attention.found(
        in: ScheduleSituation(
          name: try row.string(0), overdue: overdue > 0 ? .seconds(overdue) : nil, dueAt: try row.string(2),
          failure: try row.stringOrNil(3), failedAt: try row.stringOrNil(4)))
    }
  }

  func staleDatasets(in tx: Transaction) throws -> [Attention] {
    let rows = try tx.query(
      """
      SELECT d.dataset_id, s.settings, extract(epoch FROM c.at)::bigint, \(raw: Views.time("c.at")), extract(epoch FROM now())::bigint
      FROM curated_datasets d JOIN schedules s ON s.name = \(DatasetSchedule.prefix) || d.dataset_id
      CROSS JOIN LATERAL (SELECT greatest(d.last_checked_at, d.created_at, s.changed_at) AS at) c
      WHERE d.enabled AND d.removed_at IS NULL AND s.paused_at IS NULL AND s.next_at IS NOT NULL AND c.at < now() - interval '1 hour'
      ORDER BY c.at LIMIT \(Self.most)
      """)
    return try rows.compactMap { row in
      // a zone that this machine has lost makes the schedule late, which is said already
      guard let table = try? Schedules.settings(row.string(1)).timetable() else { return nil }
      return Attention.stale(
        try row.string(0), table, checked: Int64(try row.int(2)), checkedAt: try row.string(3), now: Int64(try row.int(4)))
    }
  }
}
