import Database
public import Workflow

extension Views {
  /// Which tasks of a stage to list.
  public struct TaskFilter: Sendable {
    /// Nil is any state.
    public var state: TaskState?
    /// The last number of the page before.
    public var after: Int?
    public var limit: Int

    public init(state: TaskState? = nil, after: Int? = nil, limit: Int = 100) {
      self.state = state
      self.after = after
      self.limit = limit
    }
  }

  /// Tasks of a stage, by number. Tasks of a large stage that are not in the queue yet are counted and not listed.
  /// - Throws: `.noJob`, `.noStage`.
  public func tasks(job: Int64, stage: String, _ filter: TaskFilter) throws -> Page<TaskView> {
    try database.transaction(access: .readOnly) { tx in
      let key = try self.key(job: job, stage: stage, in: tx)
      let after = filter.after ?? -1
      let rows = try tx.query(
        """
        WITH known AS (
            (SELECT n, CASE WHEN failures > 0 THEN 'retrying' ELSE 'queued' END AS state, attempt, due_at, NULL::bigint AS token,
                    NULL::bigint AS host_id, NULL::timestamptz AS claimed_at
             FROM ready WHERE stage_id = \(key) AND n > \(after) AND \(raw: Self.queued(filter.state))
             ORDER BY n LIMIT \(filter.limit + 1))
            UNION ALL
            (SELECT n, 'running', attempt, NULL, token, host_id, claimed_at FROM leases
             WHERE stage_id = \(key) AND n > \(after) AND \(filter.state ?? .running == .running)
             ORDER BY n LIMIT \(filter.limit + 1))
            UNION ALL
            (SELECT n, CASE outcome WHEN 'completed' THEN 'completed' WHEN 'cancelled' THEN 'cancelled' ELSE 'failed' END,
                    attempt, NULL, token, host_id, claimed_at FROM attempts
             WHERE stage_id = \(key) AND n > \(after) AND final AND \(raw: Self.ended(filter.state))
             ORDER BY n LIMIT \(filter.limit + 1)))
        SELECT k.n, k.state, k.attempt, \(raw: Views.time("k.due_at")), \(raw: Views.time("k.claimed_at")), h.name,
               a.outcome, a.message, a.details, a.result, \(raw: Views.time("a.finished_at")), a.wall_us, a.cpu_us,
               a.peak_rss_kb, p.done::text, p.total::text, p.note, \(raw: Views.time("p.reported_at")), a.fingerprint
        FROM known k
        LEFT JOIN LATERAL (SELECT * FROM attempts WHERE stage_id = \(key) AND n = k.n ORDER BY attempt DESC LIMIT 1) a ON true
        LEFT JOIN hosts h ON h.id = coalesce(k.host_id, a.host_id)
        LEFT JOIN progress p ON p.token = k.token AND k.state = 'running'
        ORDER BY k.n LIMIT \(filter.limit + 1)
        """)
      var tasks = try rows.map { try task($0, job: job, stage: stage) }
      let hasMore = tasks.count > filter.limit
      if hasMore { tasks.removeLast() }
      try addReasons(to: &tasks, job: job, in: tx)
      return Page(elements: tasks, next: hasMore ? tasks.last.map { "\($0.n)" } : nil)
    }
  }

  // Texts of their own rather than one with values, so that each state has a plan and its index.
  private static func queued(_ state: TaskState?) -> SQL {
    switch state {
    case nil: "true"
    case .queued: "failures = 0"
    case .retrying: "failures > 0"
    default: "false"
    }
  }

  private static func ended(_ state: TaskState?) -> SQL {
    switch state {
    case nil: "true"
    case .completed: "outcome = 'completed'"
    case .failed: "outcome <> 'completed' AND outcome <> 'cancelled'"
    case .cancelled: "outcome <> 'completed' AND outcome = 'cancelled'"
    default: "false"
    }
  }

  /// The stage's key in the database; of one that was taken over, that of the origin's.
  func key(job: Int64, stage: String, in tx: Transaction) throws -> Int64 {
    let rows = try tx.query("SELECT coalesce(reuses, id) FROM stages WHERE job_id = \(job) AND name = \(stage)")
    if let row = rows.first { return Int64(try row.int(0)) }
    let known = try tx.query("SELECT name FROM stages WHERE job_id = \(job) ORDER BY position").map { try $0.string(0) }
    guard !known.isEmpty else { throw EngineError(.noJob, subject: "\(job)") }
    throw EngineError(.noStage(known: known), subject: "\(job)/\(stage)")
  }

  private func task(_ row: Row, job: Int64, stage: String) throws -> TaskView {
    let state = TaskState(rawValue: try row.string(1)) ?? .queued
    var progress: ProgressView?
    if let done = try row.stringOrNil(14) {
      progress = ProgressView(
        done: done, total: try row.string(15), note: try row.stringOrNil(16), at: try row.string(17))
    }
    return TaskView(
      jobID: job, stage: stage, n: try row.int(0), state: state, attempts: try row.int(2),
      outcome: try row.stringOrNil(6), message: try row.stringOrNil(7), fingerprint: try row.stringOrNil(18),
      details: try row.textOrNil(8).map { RawJSON(unchecked: $0[...]) },
      result: try row.textOrNil(9).map { RawJSON(unchecked: $0[...]) }, host: try row.stringOrNil(5),
      dueAt: try row.stringOrNil(3), startedAt: try row.stringOrNil(4),
      finishedAt: state == .running ? nil : try row.stringOrNil(10), wallMicroseconds: try row.intOrNil(11),
      cpuMicroseconds: try row.intOrNil(12), peakRSSKiB: try row.intOrNil(13), progress: progress)
  }
}
