import Database
import Workflow

// What the leader looks for in Weir's own tables.
extension Triggers {
  /// Events that one look decides of one trigger at most; what is more, the next one.
  private static let batch = 200
  /// A job may show a little after those that ended after it.
  private static let lookback: Duration = .seconds(120)
  /// How long events are kept when nothing can bring them again.
  private static let kept: Duration = .seconds(30 * 86_400)

  /// Looks for new versions of datasets and jobs that ended; answers how many events were decided. The leader calls it again and again.
  ///
  /// Each trigger is a transaction, and its row is locked: it does not matter who calls, or whether two do.
  @discardableResult
  public func fire() throws -> Int {
    let ids = try database.withConnection { connection in
      try connection.query("SELECT id FROM triggers WHERE paused_at IS NULL AND kind IN ('dataset', 'job') ORDER BY id")
        .map { Int64(try $0.int(0)) }
    }
    var decided = 0
    var failure: (any Error)?
    for id in ids {
      // what ails one must not keep the others
      do { decided += try fire(id) } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
    return decided
  }

  private func fire(_ id: Int64) throws -> Int {
    try database.retryingTransaction { tx in
      guard let turn = try turn(id, in: tx) else { return 0 }
      switch turn.settings.source {
      case .dataset(let dataset): return try takeVersions(of: dataset, turn, in: tx)
      case .job(let workflow, let states): return try takeEnds(of: workflow, states, turn, in: tx)
      case .objects, .webhook: return 0
      }
    }
  }

  /// Of one dataset updates end in the order in which they began, since one runs at a time.
  private func takeVersions(of dataset: String, _ turn: Turn, in tx: Transaction) throws -> Int {
    let rows = try tx.query(
      """
      SELECT log_id, version, source_version, extract(epoch FROM completed_at)::float8 FROM curated_update_log
      WHERE dataset_id = \(dataset) AND log_id > \(turn.logMark) AND status = 'completed' AND version IS NOT NULL AND NOT dry_run
        AND update_type <> 'rollback' ORDER BY log_id LIMIT \(Self.batch)
      """)
    guard let last = rows.last else { return 0 }
    let events = try rows.map { row in
      let version = try row.int(1)
      return TriggerEvent(
        key: "version/\(version)", subject: "\(dataset) version \(version)", happenedAt: try row.double(3),
        values: JSONObject([
          ("dataset", .string(dataset)), ("version", JSON(version)), ("source_version", JSON(orNull: try row.stringOrNil(2))),
        ]))
    }
    try tx.execute("UPDATE triggers SET log_mark = \(try last.int(0)), looked_at = now() WHERE id = \(turn.id)")
    return try take(events, turn, in: tx)
  }

  private func takeEnds(of workflow: String, _ states: [JobState], _ turn: Turn, in tx: Transaction) throws -> Int {
    let rows = try tx.query(
      """
      SELECT j.id, j.state, \(raw: Jobs.labels), \(raw: Views.time("j.finished_at")), extract(epoch FROM j.finished_at)::float8 FROM jobs j
      WHERE j.workflow = \(workflow)
        AND j.finished_at >= (SELECT greatest(watermark - \(Self.lookback), since_at) FROM triggers WHERE id = \(turn.id))
        AND j.state = ANY(\(states.map(\.rawValue))::text[])
        AND NOT EXISTS (SELECT FROM trigger_events e WHERE e.trigger_id = \(turn.id) AND e.key = 'job/' || j.id)
      ORDER BY j.finished_at LIMIT \(Self.batch)
      """)
    let events = try rows.map { row in
      let (id, state) = (try row.int(0), try row.string(1))
      return TriggerEvent(
        key: "job/\(id)", subject: "job \(id) \(state)", happenedAt: try row.double(4),
        values: JSONObject([
          ("job_id", .string("\(id)")), ("workflow", .string(workflow)), ("state", .string(state)),
          ("labels", .array(try row.strings(2).map(JSON.string))), ("finished_at", .string(try row.string(3))),
        ]))
    }
    // of a full page the rest ended later than its last
    let through = rows.count == Self.batch ? try rows.last?.double(4) : nil
    // not at every look, when nothing ends
    if !rows.isEmpty || turn.now - turn.watermark > 60 {
      try tx.execute(
        """
        UPDATE triggers SET watermark = greatest(watermark, coalesce(to_timestamp(\(through)), now())), looked_at = now()
        WHERE id = \(turn.id)
        """)
    }
    return try take(events, turn, in: tx)
  }

  /// Forgets events that were decided long ago and cannot come again; answers how many. An object that is an event once is kept.
  @discardableResult
  public func clean(limit: Int = 1_000) throws -> Int {
    try database.withConnection { connection in
      try connection.execute(
        """
        DELETE FROM trigger_events WHERE ctid = ANY(ARRAY(
            SELECT e.ctid FROM triggers t CROSS JOIN LATERAL (
                SELECT ctid, happened_at FROM trigger_events
                WHERE trigger_id = t.id AND decided_at < now() - \(Self.kept) ORDER BY id LIMIT \(limit)) e
            WHERE CASE t.kind WHEN 'job' THEN e.happened_at < t.watermark - 2 * \(Self.lookback)
                              WHEN 'objects' THEN t.settings::jsonb #>> '{on,objects,dedup}' <> 'key' ELSE true END LIMIT \(limit)))
        """)
    }
  }
}
