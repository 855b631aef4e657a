import Database
public import Workflow

extension Views {
  /// Which jobs to list; nil is any.
  public struct JobFilter: Sendable, Hashable {
    public var workflow: String?
    public var state: JobState?
    /// All of these.
    public var labels: [String]
    /// From a page before.
    public var after: Int64?
    public var limit: Int

    public init(
      workflow: String? = nil, state: JobState? = nil, labels: [String] = [], after: Int64? = nil, limit: Int = 50
    ) {
      self.workflow = workflow
      self.state = state
      self.labels = labels
      self.after = after
      self.limit = limit
    }
  }

  /// Jobs, newest first.
  public func jobs(_ filter: JobFilter) throws -> Page<JobView> {
    try database.transaction(access: .readOnly) { tx in
      var jobs = try tx.query(Self.listing(filter)).map { try job($0, in: tx) }
      let hasMore = jobs.count > filter.limit
      if hasMore { jobs.removeLast() }
      try addStages(to: &jobs, in: tx)
      return Page(elements: jobs, next: hasMore ? jobs.last.map { "\($0.id)" } : nil)
    }
  }

  /// - Throws: `.noJob`.
  public func job(_ id: Int64) throws -> JobView {
    try database.transaction(access: .readOnly) { tx in try job(id, in: tx) }
  }

  func job(_ id: Int64, in tx: Transaction) throws -> JobView {
    guard let job = try jobs([id], in: tx).first else { throw EngineError(.noJob, subject: "\(id)") }
    return job
  }

  /// Those that there are, in the order of the ids.
  func jobs(_ ids: [Int64], in tx: Transaction) throws -> [JobView] {
    guard !ids.isEmpty else { return [] }
    var jobs = try heads(of: "SELECT key, place FROM unnest(\(ids)::bigint[]) WITH ORDINALITY AS w (key, place)", in: tx)
    try addStages(to: &jobs, in: tx)
    return jobs
  }

  /// Jobs without their stages.
  /// - Parameter chosen: a SELECT of their ids as `key`, and by what to order them as `place`.
  func heads(of chosen: SQL, in tx: Transaction) throws -> [JobView] {
    try tx.query("\(raw: Self.jobColumns) FROM (\(raw: chosen)) f JOIN jobs j ON j.id = f.key ORDER BY f.place").map { try job($0, in: tx) }
  }

  /// What makes them whole: their stages, and why what has not ended does not run.
  func addStages(to jobs: inout [JobView], in tx: Transaction) throws {
    guard !jobs.isEmpty else { return }
    let stages = try stages(ofJobs: jobs.map(\.id), in: tx)
    for index in jobs.indices { jobs[index].stages = stages[jobs[index].id] ?? [] }
    try addReasons(to: &jobs, in: tx)
  }

  /// Texts of their own rather than one with values that may be NULL, so that each filter has a plan and its index.
  static func listing(_ filter: JobFilter) -> SQL {
    let workflow: SQL = filter.workflow.map { "AND workflow = \($0)" } ?? ""
    let state: SQL = filter.state.map { "AND state = \($0.rawValue)" } ?? ""
    let labels: SQL = filter.labels.isEmpty ? "" : "AND \(raw: Jobs.labels) @> \(filter.labels)::text[]"
    let after: SQL = filter.after.map { "AND id < \($0)" } ?? ""
    return """
      \(raw: jobColumns) FROM jobs j WHERE true \(raw: workflow) \(raw: state) \(raw: labels) \(raw: after)
      ORDER BY id DESC LIMIT \(filter.limit + 1)
      """
  }

  private static var jobColumns: SQL {
    """
    SELECT id, workflow, workflow_version, state, cancel_requested_at IS NOT NULL, params, dedup_key, \(raw: Jobs.labels), priority,
           \(raw: Views.time("created_at")), \(raw: Views.time("not_before")), \(raw: Views.time("started_at")),
           \(raw: Views.time("finished_at")), error, origin_job_id, origin_stage, \(raw: Views.time("paused_at")), paused_by, paused_why,
           \(raw: Views.time("deadline_at"))
    """
  }

  private func job(_ row: Row, in tx: Transaction) throws -> JobView {
    let (workflow, version) = (try row.string(1), try row.int(2))
    var job = JobView(
      id: Int64(try row.int(0)), workflow: workflow, workflowVersion: version,
      state: JobState(rawValue: try row.string(3)) ?? .running, isCancelling: try row.bool(4),
      params: try secretParams.hide(RawJSON(unchecked: try row.text(5)[...]), of: workflow, version: version, in: tx),
      dedupKey: try row.stringOrNil(6), labels: try row.strings(7),
      priority: try row.int(8), createdAt: try row.string(9), notBefore: try row.stringOrNil(10),
      startedAt: try row.stringOrNil(11), finishedAt: try row.stringOrNil(12), error: try row.stringOrNil(13), stages: [])
    job.origin = try row.intOrNil(14).map(Int64.init)
    job.originStage = try row.stringOrNil(15)
    job.paused = try Self.pause(row, from: 16)
    job.deadlineAt = try row.stringOrNil(19)
    return job
  }

  private static func pause(_ row: Row, from column: Int) throws -> Pause? {
    guard let at = try row.stringOrNil(column) else { return nil }
    return Pause(at: at, by: try row.stringOrNil(column + 1) ?? "", why: try row.stringOrNil(column + 2))
  }

  func stages(ofJobs ids: [Int64], in tx: Transaction) throws -> [Int64: [StageView]] {
    let rows = try tx.query(
      """
      SELECT \(raw: StageCounters.columns), s.handler, s.result, s.reason,
             \(raw: Views.time("s.opened_at")), \(raw: Views.time("s.finished_at")),
             coalesce((SELECT json_object_agg(kind || ' ' || name, value::text) FROM stage_totals t
                       WHERE t.stage_id = s.id), '{}'::json),
             (SELECT r.job_id FROM stages r WHERE r.id = s.reuses), \(raw: Views.time("s.paused_at")), s.paused_by, s.paused_why
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
    var view = StageView(
      key: counters.stageID, jobID: counters.jobID, id: counters.name, handler: try row.string(17),
      state: StageState(rawValue: counters.state) ?? .waiting,
      counts: TaskCounts(
        total: counters.tasksTotal, queued: max(0, counters.tasksTotal - ended - counters.running - counters.retrying),
        retrying: counters.retrying, running: counters.running, completed: counters.completed, failed: counters.failed,
        cancelled: counters.cancelled),
      items: counters.items, rejects: counters.rejects, failedItems: counters.failedItems,
      result: try row.textOrNil(18).map { RawJSON(unchecked: $0[...]) }, totals: totals, metrics: metrics,
      reason: try row.stringOrNil(19), openedAt: try row.stringOrNil(20), finishedAt: try row.stringOrNil(21))
    view.reusedFrom = try row.intOrNil(23).map(Int64.init)
    view.paused = try Self.pause(row, from: 24)
    return view
  }
}
