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
    let now = try Schedules.now(in: tx)
    let stale = try tx.query(
      "SELECT d.dataset_id, \(raw: DatasetState.column) AS state FROM curated_datasets d WHERE d.removed_at IS NULL ORDER BY d.dataset_id"
    ).compactMap { row in
      let state = try DatasetState(row)
      return Attention.found(in: DatasetCadence(state.facts, now: now), of: try row.string(0), since: state.since)
    }
    return Array(stale.prefix(Self.most))
  }
}
