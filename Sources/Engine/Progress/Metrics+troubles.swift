import Database
import Workflow

// What of hosts, builds, schedules and datasets a person should look at: facts are read here, in one statement, and judged by `Attention`.
extension Metrics {
  /// How long a host that was lost is news.
  private static let newsOfHosts: Duration = .seconds(3600)
  private static let most = 50

  func troubles(in tx: Transaction) throws -> [Attention] {
    try tx.query(
      """
      SELECT look, a, b, c, d, e FROM (
          SELECT 0 AS look, row_number() OVER () AS place, t.* FROM (\(raw: Self.lostHosts)) AS t (a, b, c, d, e)
          UNION ALL SELECT 1, row_number() OVER (), t.* FROM (\(raw: Self.quarantines)) AS t (a, b, c, d, e)
          UNION ALL SELECT 2, row_number() OVER (), t.* FROM (\(raw: Self.lateSchedules)) AS t (a, b, c, d, e)
          UNION ALL SELECT 3, row_number() OVER (), t.* FROM (\(raw: Self.datasets)) AS t (a, b, c, d, e)) f
      ORDER BY look, place
      """
    ).compactMap { row in
      switch try row.int(0) {
      case 0: try Self.lostHost(row)
      case 1: try Self.quarantine(row)
      case 2: try Self.lateSchedule(row)
      default: try Self.staleDataset(row)
      }
    }
  }

  // five texts each: name, id, whether it is only late, since when
  private static let lostHosts: SQL = """
    SELECT name, id::text, (ended_at IS NULL)::text, \(raw: Views.time("coalesce(ended_at, lease_until)")), NULL::text FROM hosts
    WHERE ended_at IS NULL AND lease_until < now()
       OR id IN (SELECT id FROM hosts WHERE ended_why = 'lost' AND ended_at > now() - \(newsOfHosts) ORDER BY id DESC LIMIT 20)
    ORDER BY id DESC
    """

  private static func lostHost(_ row: Row) throws -> Attention {
    let (name, isLate, since) = (try row.string(1), try row.string(3) == "true", try row.string(4))
    return Attention(
      .hostLost, subject: "\(name) (\(try row.string(2)))",
      text: isLate
        ? "Host \(name) has not renewed its lease since \(since)." : "Host \(name) was given up at \(since): it had not renewed its lease.",
      hint: "Its tasks go to other hosts. Look whether the machine runs and reaches the database, and start the host again.", since: since)
  }

  // hash, plugin, tasks, since when
  private static let quarantines: SQL = """
    SELECT library_hash, plugin, tasks::text, \(raw: Views.time("since")), NULL::text FROM quarantines ORDER BY since DESC LIMIT 20
    """

  private static func quarantine(_ row: Row) throws -> Attention {
    let hash = try row.string(1).prefix(12)
    return Attention(
      .buildQuarantined, subject: "\(hash)",
      text: "A build of plugin \"\(try row.string(2))\" (\(hash)) ended the runners of \(try row.string(3)) tasks and is in quarantine.",
      hint: "Mend it and restart the hosts with the new build, or `weir release \(hash)`.", since: try row.string(4))
  }

  // name, seconds overdue, since when, why it failed last, when that was
  private static let lateSchedules: SQL = """
    SELECT s.name, extract(epoch FROM now() - s.next_at)::text, \(raw: Views.time("s.next_at")), f.why, \(raw: Views.time("f.fire_at"))
    FROM schedules s LEFT JOIN LATERAL (
        SELECT fire_at, outcome, coalesce(why, '') AS why FROM schedule_fires WHERE schedule_id = s.id ORDER BY fire_at DESC LIMIT 1
    ) f ON f.outcome = 'failed'
    WHERE s.paused_at IS NULL AND s.next_at IS NOT NULL AND (s.next_at < now() OR f.outcome IS NOT NULL)
    ORDER BY s.next_at LIMIT \(most)
    """

  private static func lateSchedule(_ row: Row) throws -> Attention? {
    let overdue = Double(try row.string(2)) ?? 0
    return Attention.found(
      in: ScheduleSituation(
        name: try row.string(1), overdue: overdue > 0 ? .seconds(overdue) : nil, dueAt: try row.string(3),
        failure: try row.stringOrNil(4), failedAt: try row.stringOrNil(5)))
  }

  // id, `DatasetState`, now; which of them is late `DatasetCadence` says
  private static let datasets: SQL = """
    SELECT d.dataset_id, \(raw: DatasetState.column)::text, floor(extract(epoch FROM now()))::bigint::text, NULL::text, NULL::text
    FROM curated_datasets d WHERE d.removed_at IS NULL ORDER BY d.dataset_id
    """

  private static func staleDataset(_ row: Row) throws -> Attention? {
    let state = try DatasetState(row.string(2))
    return Attention.found(
      in: DatasetCadence(state.facts, now: Int64(try row.string(3)) ?? 0), of: try row.string(1), since: state.since)
  }
}
