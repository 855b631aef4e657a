import Database
import Workflow

// Why what has not ended does not run: asked only of live jobs, and of their idle stages.
extension Views {
  /// What keeps a job as a whole; nil when nothing does.
  func hindrance(of job: JobView) -> WaitingReason? {
    switch job.state {
    case .queued: job.notBefore.map(WaitingReason.notBefore)
    case .paused: job.isCancelling ? nil : .jobPaused(by: job.paused?.by ?? "", why: job.paused?.why)
    default: nil
    }
  }

  /// Says of each live job and stage why it does not run.
  func addReasons(to jobs: inout [JobView], in tx: Transaction) throws {
    guard jobs.contains(where: { !$0.state.isFinal }) else { return }
    let standings = try standings(of: jobs.filter { !$0.state.isFinal }, in: tx)
    for index in jobs.indices where !jobs[index].state.isFinal {
      let hindrance = hindrance(of: jobs[index])
      for place in jobs[index].stages.indices {
        let standing = standings[jobs[index].stages[place].key]
        jobs[index].stages[place].waitingReason = standing?.waitingReason(job: hindrance)
      }
      let runs = jobs[index].stages.contains { $0.counts.running > 0 }
      let begun = jobs[index].stages.first { !$0.state.isFinal && $0.state != .waiting && $0.waitingReason != nil }
      jobs[index].waitingReason = runs ? nil : hindrance ?? begun?.waitingReason
    }
  }

  /// Says of each task of one stage that waits for an attempt why it does.
  func addReasons(to tasks: inout [TaskView], job id: Int64, in tx: Transaction) throws {
    guard let name = tasks.first(where: { $0.state == .queued || $0.state == .retrying })?.stage else { return }
    let job = try job(id, in: tx)
    guard let stage = job.stages.first(where: { $0.id == name }), let standing = try standings(of: [job], in: tx)[stage.key] else {
      return
    }
    // all of them are written alike, so that text and time sort in the same order
    let now = try tx.query("SELECT \(raw: Views.time("now()"))").one().string(0)
    for index in tasks.indices where tasks[index].state == .queued || tasks[index].state == .retrying {
      let due = tasks[index].dueAt.flatMap { $0 > now ? $0 : nil }
      tasks[index].waitingReason = standing.taskWaitingReason(job: hindrance(of: job), dueAt: due)
    }
  }

  /// By the stages' keys.
  func standings(of jobs: [JobView], in tx: Transaction) throws -> [Int64: StageStanding] {
    let idle = jobs.flatMap(\.stages).filter { $0.state == .running }
    let (offers, reached) = try outlook(of: Set(idle.map(\.handler)), in: tx)
    let due = try nextDue(idle.filter { $0.counts.running == 0 }.map(\.key), in: tx)
    var standings: [Int64: StageStanding] = [:]
    for job in jobs {
      let definition = try definitions.definition(Stages.WorkflowKey(name: job.workflow, version: job.workflowVersion), in: tx)
      let ended = Set(job.stages.filter(\.state.isFinal).map(\.id))
      for stage in job.stages {
        standings[stage.key] = StageStanding(
          state: stage.state, handler: stage.handler,
          missing: (definition.stage(stage.id)?.needs ?? []).filter { !ended.contains($0) }, running: stage.counts.running,
          offer: offers[stage.handler] ?? .none, limit: limit(of: stage, definition.stage(stage.id), reached: reached[stage.handler]),
          nextDue: due[stage.key],
          pausedBy: stage.paused?.by, pausedWhy: stage.paused?.why)
      }
    }
    return standings
  }

  private func limit(of stage: StageView, _ definition: StageDefinition?, reached: String?) -> String? {
    guard let most = definition?.maxParallel, stage.counts.running >= most else {
      return reached.map { "limit \"\($0)\" is reached: see `weir limits`" }
    }
    return "the stage runs \(most) of its tasks at a time (max_parallel)"
  }

  /// By handler, whether a host offers it, and the limit that it has reached.
  private func outlook(
    of handlers: Set<String>, in tx: Transaction
  ) throws -> (offers: [String: StageStanding.Offer], reached: [String: String]) {
    guard !handlers.isEmpty else { return ([:], [:]) }
    let names = handlers.sorted()
    let rows = try tx.query(
      """
      SELECT w.handler, o.library_hash, o.is_quarantined, l.name
      FROM unnest(\(names)::text[]) AS w (handler)
      LEFT JOIN (
          SELECT o.handler, min(q.library_hash) AS library_hash, bool_and(q.library_hash IS NOT NULL) AS is_quarantined
          FROM offers o JOIN hosts h ON h.id = o.host_id LEFT JOIN quarantines q ON q.library_hash = o.library_hash
          WHERE h.ended_at IS NULL AND h.lease_until > now() AND o.handler = ANY(\(names)::text[]) GROUP BY o.handler) o
        ON o.handler = w.handler
      LEFT JOIN (\(raw: Limits.reachedBy(names))) l ON l.handler = w.handler
      """)
    var (offers, reached): ([String: StageStanding.Offer], [String: String]) = ([:], [:])
    for row in rows {
      let handler = try row.string(0)
      if let isQuarantined = try row.boolOrNil(2) {
        offers[handler] = isQuarantined ? .quarantined(libraryHash: try row.string(1)) : .offered
      }
      reached[handler] = try row.stringOrNil(3)
    }
    return (offers, reached)
  }

  /// When the first task of each stage is due, of those of which none is.
  private func nextDue(_ keys: [Int64], in tx: Transaction) throws -> [Int64: String] {
    guard !keys.isEmpty else { return [:] }
    let rows = try tx.query(
      """
      SELECT k.id, \(raw: Views.time("r.due_at")) FROM unnest(\(keys)::bigint[]) AS k (id)
      CROSS JOIN LATERAL (SELECT due_at FROM ready WHERE stage_id = k.id ORDER BY due_at LIMIT 1) r
      JOIN stages s ON s.id = k.id JOIN stage_counters c ON c.stage_id = k.id
      WHERE r.due_at > now() AND c.expanded = s.tasks_total
      """)
    return try rows.reduce(into: [:]) { due, row in due[Int64(try row.int(0))] = try row.string(1) }
  }
}
