import Database
import Workflow

// What a person should look at: facts are read here, `Attention` judges them.
extension Metrics {
  /// Jobs that are looked at, the oldest first.
  private static let mostJobs = 200

  func attention() throws -> [Attention] { try reading { tx in try attention(in: tx) } }

  func attention(in tx: Transaction) throws -> [Attention] {
    let found = try situations(in: tx).flatMap(Attention.found) + troubles(in: tx)
    var seen: Set<String> = []
    return found.filter { seen.insert($0.key).inserted }
  }

  /// Stages that run, in one statement. Why one waits is asked for those alone of which nothing has run for a while.
  private func situations(in tx: Transaction) throws -> [StageSituation] {
    var stages = try runningStages(in: tx)
    let idle = Set(stages.filter { $0.situation.running == 0 && $0.situation.elapsed >= Attention.hostPatience }.map(\.situation.job))
    guard !idle.isEmpty else { return stages.map(\.situation) }
    let reasons = try views.jobs(idle.sorted(), in: tx).flatMap(\.stages).reduce(into: [Int64: WaitingReason]()) { reasons, stage in
      reasons[stage.key] = stage.waitingReason
    }
    for index in stages.indices { stages[index].situation.waitingReason = reasons[stages[index].key] }
    return stages.map(\.situation)
  }

  /// With the time since each is where it is, by its samples.
  private func runningStages(in tx: Transaction) throws -> [(key: Int64, situation: StageSituation)] {
    let since: SQL =
      try table.stands(in: tx)
      ? """
      (SELECT min(m.sampled_at) FROM job_metrics m WHERE m.job_id = s.job_id AND m.stage_id = s.id
         AND m.work >= c.completed + c.failed + c.cancelled
             + coalesce((SELECT sum(CASE WHEN p.total > 0 THEN least(p.done / p.total, 1) ELSE 0 END) FROM progress p
                         WHERE p.stage_id = s.id), 0)::float8 - 1e-9)
      """ : "NULL::timestamptz"
    return try tx.query(
      """
      SELECT s.id, s.job_id, j.workflow, s.name, s.handler, c.running, c.completed + c.failed + c.cancelled, c.failed,
             extract(epoch FROM now() - s.opened_at)::float8, extract(epoch FROM now() - \(raw: since))::float8,
             \(raw: Views.time("s.opened_at"))
      FROM (SELECT id, workflow FROM jobs WHERE finished_at IS NULL AND state = 'running' ORDER BY id LIMIT \(Self.mostJobs)) j
      JOIN stages s ON s.job_id = j.id AND s.state = 'running' JOIN stage_counters c ON c.stage_id = s.id ORDER BY j.id, s.position
      """
    ).map { row in
      (
        Int64(try row.int(0)),
        StageSituation(
          job: Int64(try row.int(1)), workflow: try row.string(2), stage: try row.string(3), handler: try row.string(4),
          running: try row.int(5), ended: try row.int(6), failed: try row.int(7),
          elapsed: .seconds(max(0, try row.doubleOrNil(8) ?? 0)), quiet: try row.doubleOrNil(9).map { .seconds(max(0, $0)) },
          openedAt: try row.stringOrNil(10))
      )
    }
  }
}
