import Database

extension Queue {
  /// Claims up to `limit` due tasks of stages whose handler the host offers; empty when there are none.
  ///
  /// Higher priority first; stages of one priority share the batch, those with the fewest running tasks first, so that
  /// a large job does not hold up small ones.
  /// Within a stage, oldest `due_at` first. No two hosts get the same task. The claim opens an attempt, which ends with
  /// the host's lease if that is not renewed. Stages that are not wholly in the queue are expanded on the way.
  /// - Throws: `DatabaseError`; nothing is claimed then.
  /// - Source: PostgreSQL 15 manual, SELECT, The Locking Clause (SKIP LOCKED).
  public func claim(host: Int64, handlers: [String], limit: Claimable) throws -> [ClaimedTask] {
    var claimed: [ClaimedTask] = []
    var left = limit
    while left.total > 0 {
      let free = pauses.free(handlers.filter { left.room(for: $0) > 0 })
      guard !free.isEmpty, try claimOnce(host: host, handlers: free, &left, &claimed) else { break }
    }
    return claimed
  }

  /// Answers whether more stages may be open than one look shows, since a limit was reached in this one.
  private func claimOnce(host: Int64, handlers: [String], _ left: inout Claimable, _ claimed: inout [ClaimedTask]) throws -> Bool {
    try database.withConnection { connection in
      var open = try openStages(host: host, handlers: handlers, on: connection)
      let isFull = open.count == Self.stagesSeen
      var reached: Set<String> = []
      for stage in open where stage.needsExpansion {
        try connection.transaction { tx in try Self.expand(stage.id, in: tx) }
      }
      while let priority = open.first?.priority, left.total > 0 {
        var rank = open.prefix { $0.priority == priority }
        open.removeFirst(rank.count)
        while !rank.isEmpty {
          let share = (left.total + rank.count - 1) / rank.count
          let stage = rank.removeFirst()
          let room = min(share, left.room(for: stage.handler, isLimited: stage.isLimited))
          guard room > 0, !reached.contains(stage.handler) else { continue }
          let tasks: [ClaimedTask]
          if stage.isLimited {
            let sharers = 1 + rank.count { $0.handler == stage.handler }
            tasks = try claimLimited(stage, host: host, limit: room, sharers: sharers, on: connection)
            if pauses.free([stage.handler]).isEmpty { reached.insert(stage.handler) }
          } else {
            tasks = try Self.tasks(
              of: stage.id, try connection.query(Self.claiming(stage.id, host: host, limit: room, commit: Self.noWait)))
          }
          left.take(tasks.count, of: stage.handler)
          claimed += tasks
        }
      }
      return isFull && !reached.isEmpty
    }
  }

  /// As a claim of any stage, as far as the limits of its handler leave room.
  /// - Parameter sharers: stages of the handler among which the room is shared.
  private func claimLimited(_ stage: OpenStage, host: Int64, limit: Int, sharers: Int, on connection: Connection) throws -> [ClaimedTask] {
    try connection.transaction(isolation: .readCommitted) { tx in
      let limits = try LimitedClaim(stage.handler, in: tx)
      guard limits.room > 0 else {
        pauses.pause(stage.handler)
        return []
      }
      let statement = Self.claiming(stage.id, host: host, limit: min(limit, (limits.room - 1) / sharers + 1), limits, commit: Self.noWait)
      let tasks = try Self.tasks(of: stage.id, try tx.query(statement))
      try limits.take(tasks.count, in: tx)
      pauses.claimed(from: stage.id)
      return tasks
    }
  }

  /// A lost claim is harmless (its token is stale), so it need not wait for the disk.
  private static let noWait: SQL = "(SELECT set_config('synchronous_commit', 'off', true))"

  /// As `claim(host:handlers:limit:)`, from one stage and inside the caller's transaction. Nothing of a handler that limits hold back:
  /// their locks come before all others.
  func claim(stage: Int64, host: Int64, limit: Int, in tx: Transaction) throws -> [ClaimedTask] {
    try Self.tasks(of: stage, try tx.query(Self.claiming(stage, host: host, limit: limit, commit: "NULL")))
  }

  /// - Parameters:
  ///   - limits: what each task is to hold, of a stage whose handler is limited.
  ///   - commit: what to do about the commit, evaluated once if anything was claimed.
  private static func claiming(_ stage: Int64, host: Int64, limit: Int, _ limits: LimitedClaim? = nil, commit: SQL) -> SQL {
    let mayBeClaimed: SQL = limits == nil ? "NOT \(raw: Limits.limits("s.handler"))" : "true"
    return """
      WITH counters AS (
          SELECT s.max_parallel - c.running AS room
          FROM stage_counters c JOIN stages s ON s.id = c.stage_id
          WHERE c.stage_id = \(stage) AND s.state = 'running' AND NOT c.held AND \(raw: mayBeClaimed)
            AND NOT \(raw: Quarantines.hold(host: host)) FOR UPDATE OF c),
      taken AS (
          DELETE FROM ready WHERE ctid = ANY(ARRAY(
              SELECT ctid FROM ready WHERE stage_id = \(stage) AND due_at <= now()
              ORDER BY due_at, n
              LIMIT (SELECT greatest(least(\(limit)::bigint, room), 0) FROM counters UNION ALL SELECT 0 LIMIT 1)
              FOR UPDATE SKIP LOCKED))
          RETURNING n, attempt, failures, kills),
      \(raw: opening(stage, host: host, limits, commit: commit))
      """
  }

  /// The end of a statement whose `taken` holds tasks (n, attempt, failures, kills) of the stage that left the queue: they become leases,
  /// the stage's counters follow, and the rows that `tasks(of:_:)` reads come out.
  static func opening(_ stage: Int64, host: Int64, _ limits: LimitedClaim? = nil, commit: SQL = "NULL") -> SQL {
    """
    opened AS (
        INSERT INTO leases (token, stage_id, n, host_id, attempt, failures, kills, holds, weights)
        SELECT nextval('tokens'), \(stage), n, \(host), attempt + 1, failures, kills, \(limits?.names)::text[], \(limits?.weights)::int[]
        FROM taken
        RETURNING token, n, attempt, failures, kills),
    moved AS (
        UPDATE stage_counters SET
            queued = queued - delta.fresh, retrying = retrying - (delta.taken - delta.fresh),
            running = running + delta.taken
        FROM (SELECT count(*)::int AS taken, (count(*) FILTER (WHERE failures = 0))::int AS fresh FROM taken) AS delta
        WHERE stage_id = \(stage) AND delta.taken > 0)
    SELECT token, n, attempt, failures, kills, \(raw: commit) FROM opened ORDER BY n
    """
  }

  static func tasks(of stage: Int64, _ rows: Rows) throws -> [ClaimedTask] {
    try rows.map { row in
      ClaimedTask(
        token: Int64(try row.int(0)), stageID: stage, n: try row.int(1), attempt: try row.int(2),
        failures: try row.int(3), kills: try row.int(4))
    }
  }

  /// A running stage with something to claim.
  private struct OpenStage {
    var id: Int64
    var handler: String
    var priority: Int
    var needsExpansion: Bool
    var isLimited: Bool
  }

  /// Stages that one look shows.
  private static let stagesSeen = 64

  private func openStages(host: Int64, handlers: [String], on connection: Connection) throws -> [OpenStage] {
    let rows = try connection.query(
      """
      SELECT s.id, s.handler, s.priority, c.expanded < s.tasks_total AND c.queued < \(Self.queuedEnough),
             \(raw: Limits.limits("s.handler"))
      FROM stages s JOIN stage_counters c ON c.stage_id = s.id
      WHERE s.state = 'running' AND s.handler = ANY(\(handlers)::text[])
        AND (c.queued > 0 OR c.expanded < s.tasks_total
             OR c.retrying > 0 AND EXISTS (SELECT FROM ready r WHERE r.stage_id = s.id AND r.due_at <= now()))
        AND (s.max_parallel IS NULL OR c.running < s.max_parallel) AND NOT \(raw: Quarantines.hold(host: host))
      ORDER BY s.priority DESC, c.running, s.id LIMIT \(Self.stagesSeen)
      """)
    return try rows.map {
      OpenStage(
        id: Int64(try $0.int(0)), handler: try $0.string(1), priority: try $0.int(2), needsExpansion: try $0.bool(3),
        isLimited: try $0.bool(4))
    }
  }
}
