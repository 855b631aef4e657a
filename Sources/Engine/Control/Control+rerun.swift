import Database
import Workflow

extension Control {
  /// Runs a job again as a new one that names it as its origin; answers the new job.
  ///
  /// It has the job's parameters, priority and labels, and no `dedup_key`. Stages that it takes over are read where they are, so
  /// that nothing is copied: the origin is kept as long as the rerun is. The origin itself is not changed.
  /// - Throws: `.noJob`, `.noStage`, `.stageNotUsable`, `.invalidParams` when the newest version does not take them, `.noHandler`.
  public func rerun(_ jobID: Int64, _ rerun: Rerun = Rerun(), by actor: Actor) throws -> Int64 {
    try database.retryingTransaction { tx in
      let origin = try LockedJob.take(jobID, stages: stages, in: tx)
      let (definition, version) = try workflow(of: origin, rerun.version, in: tx)
      let params = definition.withDefaults(origin.head.scope.params.parsed())
      let problems = try Schema(definition.parameters).problems(in: params)
      guard problems.isEmpty else { throw EngineError(.invalidParams(problems), subject: definition.name) }
      try stages.checkHandlers(of: definition, in: tx)
      let reused = try reused(of: definition, origin, from: rerun.from)
      let rows = try tx.query(
        """
        INSERT INTO jobs (workflow, workflow_version, params, labels, priority, origin_job_id, origin_stage, state, started_at,
                          deadline_ms, deadline_at)
        SELECT workflow, \(version), \(params.serialized()), \(raw: Jobs.labels), priority, id, \(rerun.from), 'running', now(),
               \(definition.deadlineMilliseconds), now() + \(definition.deadlineMilliseconds) * interval '1 millisecond'
        FROM jobs WHERE id = \(jobID) RETURNING id, priority
        """)
      let row = try rows.one()
      let new = Int64(try row.int(0))
      try stages.insert(definition, job: new, priority: try row.int(1), in: tx)
      try takeOver(reused, from: jobID, to: new, in: tx)
      let details = JSON.object(
        JSONObject([
          ("job", .string("\(new)")), ("from", JSON(orNull: rerun.from)), ("version", .number(JSONNumber(version))),
        ]))
      try Audit.record(actor, "job.rerun", subject: "job/\(jobID)", details: details, in: tx)
      _ = try stages.advance(new, in: tx)
      return new
    }
  }

  private func workflow(
    of origin: LockedJob, _ version: Rerun.Version, in tx: Transaction
  ) throws -> (WorkflowDefinition, Int) {
    switch version {
    case .newest: try stages.newest(origin.head.definition.name, in: tx)
    case .pinned: (origin.head.definition, origin.head.version)
    }
  }

  private func reused(of definition: WorkflowDefinition, _ origin: LockedJob, from first: String?) throws -> Set<String> {
    let states = origin.stages.map { ($0.name, StageState(rawValue: $0.state) ?? .waiting) }
    do throws(RerunPlan.Refusal) {
      return try RerunPlan.reused(of: definition, from: first, ended: Dictionary(uniqueKeysWithValues: states))
    } catch {
      switch error {
      case .noStage(let known): throw EngineError(.noStage(known: known), subject: "\(origin.subject)/\(first ?? "")")
      case .notEnded(let stage, let state):
        throw EngineError(.stageNotUsable(before: first ?? "", state), subject: "\(origin.subject)/\(stage)")
      }
    }
  }

  /// The stages as the origin's ended. Their tasks, items and rejects stay where they are.
  private func takeOver(_ names: Set<String>, from origin: Int64, to job: Int64, in tx: Transaction) throws {
    guard !names.isEmpty else { return }
    try tx.execute(
      """
      WITH taken AS (
          UPDATE stages s SET state = o.state, items_from = o.items_from, items_total = o.items_total, batch = o.batch,
              tasks_total = o.tasks_total, result = o.result, reason = o.reason, opened_at = o.opened_at,
              finished_at = o.finished_at, reuses = coalesce(o.reuses, o.id)
          FROM stages o
          WHERE s.job_id = \(job) AND o.job_id = \(origin) AND s.name = o.name AND s.name = ANY(\(Array(names))::text[])
          RETURNING s.id, o.id AS origin),
      summed AS (
          INSERT INTO stage_totals (stage_id, kind, name, aggregate, value)
          SELECT k.id, t.kind, t.name, t.aggregate, t.value FROM taken k JOIN stage_totals t ON t.stage_id = k.origin)
      UPDATE stage_counters c SET expanded = o.expanded, completed = o.completed, failed = o.failed, cancelled = o.cancelled,
          items = o.items, rejects = o.rejects, failed_items = o.failed_items
      FROM taken k JOIN stage_counters o ON o.stage_id = k.origin WHERE c.stage_id = k.id
      """)
  }
}
