import Database
public import Workflow

extension Views {
  /// Which jobs to list; nil is any.
  public struct JobFilter: Sendable {
    public var workflow: String?
    public var state: JobState?
    public var label: String?
    /// From a page before.
    public var after: Int64?
    public var limit: Int

    public init(
      workflow: String? = nil, state: JobState? = nil, label: String? = nil, after: Int64? = nil, limit: Int = 50
    ) {
      self.workflow = workflow
      self.state = state
      self.label = label
      self.after = after
      self.limit = limit
    }
  }

  /// Jobs, newest first.
  public func jobs(_ filter: JobFilter) throws -> Page<JobView> {
    try database.transaction(access: .readOnly) { tx in
      let rows = try tx.query(
        """
        \(raw: jobColumns) FROM jobs j
        WHERE (\(filter.workflow)::text IS NULL OR workflow = \(filter.workflow))
          AND (\(filter.state?.rawValue)::text IS NULL OR state = \(filter.state?.rawValue))
          AND (\(filter.label)::text IS NULL OR label = \(filter.label))
          AND (\(filter.after)::bigint IS NULL OR id < \(filter.after))
        ORDER BY id DESC LIMIT \(filter.limit + 1)
        """)
      var jobs = try rows.map { try job($0) }
      let hasMore = jobs.count > filter.limit
      if hasMore { jobs.removeLast() }
      let stages = try stages(ofJobs: jobs.map(\.id), in: tx)
      for index in jobs.indices { jobs[index].stages = stages[jobs[index].id] ?? [] }
      return Page(elements: jobs, next: hasMore ? jobs.last.map { "\($0.id)" } : nil)
    }
  }

  /// - Throws: `.noJob`.
  public func job(_ id: Int64) throws -> JobView {
    try database.transaction(access: .readOnly) { tx in
      let rows = try tx.query("\(raw: jobColumns) FROM jobs j WHERE id = \(id)")
      guard let row = rows.first else { throw EngineError(.noJob, subject: "\(id)") }
      var job = try job(row)
      job.stages = try stages(ofJobs: [id], in: tx)[id] ?? []
      return job
    }
  }

  private var jobColumns: SQL {
    """
    SELECT id, workflow, workflow_version, state, cancel_requested_at IS NOT NULL, params, dedup_key, label, priority,
           \(raw: Views.time("created_at")), \(raw: Views.time("not_before")), \(raw: Views.time("started_at")),
           \(raw: Views.time("finished_at")), error
    """
  }

  private func job(_ row: Row) throws -> JobView {
    JobView(
      id: Int64(try row.int(0)), workflow: try row.string(1), workflowVersion: try row.int(2),
      state: JobState(rawValue: try row.string(3)) ?? .running, isCancelling: try row.bool(4),
      params: RawJSON(unchecked: try row.text(5)[...]), dedupKey: try row.stringOrNil(6), label: try row.stringOrNil(7),
      priority: try row.int(8), createdAt: try row.string(9), notBefore: try row.stringOrNil(10),
      startedAt: try row.stringOrNil(11), finishedAt: try row.stringOrNil(12), error: try row.stringOrNil(13), stages: [])
  }

  func stages(ofJobs ids: [Int64], in tx: Transaction) throws -> [Int64: [StageView]] {
    let rows = try tx.query(
      """
      SELECT \(raw: StageCounters.columns), s.handler, s.result, s.reason,
             \(raw: Views.time("s.opened_at")), \(raw: Views.time("s.finished_at")),
             coalesce((SELECT json_object_agg(kind || ' ' || name, value::text) FROM stage_totals t
                       WHERE t.stage_id = s.id), '{}'::json)
      FROM stages s JOIN stage_counters c ON c.stage_id = s.id JOIN jobs j ON j.id = s.job_id
      WHERE s.job_id = ANY(\(ids)::bigint[]) ORDER BY s.job_id, s.position
      """)
    var stages: [Int64: [StageView]] = [:]
    for row in rows {
      let stage = try stage(row)
      stages[stage.jobID, default: []].append(stage)
    }
    return stages
  }

  private func stage(_ row: Row) throws -> StageView {
    let counters = try StageCounters(row)
    let ended = counters.completed + counters.failed + counters.cancelled
    var (totals, metrics): ([String: String], [String: String]) = ([:], [:])
    RawJSON(unchecked: try row.text(22)[...]).forEachMember { key, value in
      if key.hasPrefix("total ") { totals[String(key.dropFirst(6))] = value.string }
      if key.hasPrefix("metric ") { metrics[String(key.dropFirst(7))] = value.string }
    }
    return StageView(
      key: counters.stageID, jobID: counters.jobID, id: counters.name, handler: try row.string(17),
      state: StageState(rawValue: counters.state) ?? .waiting,
      counts: TaskCounts(
        total: counters.tasksTotal, queued: max(0, counters.tasksTotal - ended - counters.running - counters.retrying),
        retrying: counters.retrying, running: counters.running, completed: counters.completed, failed: counters.failed,
        cancelled: counters.cancelled),
      items: counters.items, rejects: counters.rejects, failedItems: counters.failedItems,
      result: try row.textOrNil(18).map { RawJSON(unchecked: $0[...]) }, totals: totals, metrics: metrics,
      reason: try row.stringOrNil(19), openedAt: try row.stringOrNil(20), finishedAt: try row.stringOrNil(21))
  }
}
