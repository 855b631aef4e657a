import Database
import Workflow

/// A job as a transaction sees it: its definition, its stages, and what its expressions can read.
struct JobContext {
  struct Stage {
    var id: Int64
    var name: String
    var handler: String
    var state: StageState
    var counters: StageCounters
  }

  var jobID: Int64
  var state: JobState
  var isCancelling: Bool
  var definition: WorkflowDefinition
  var stages: [Stage]
  var scope: TaskScope

  func stage(_ name: String) -> Stage? { stages.first { $0.name == name } }

  /// Reads a job with its stages; locks the job's row when `locking`, so that one transaction at a time decides.
  static func read(_ jobID: Int64, stages cache: Stages, locking: Bool = false, in tx: Transaction) throws -> JobContext {
    let lock: SQL = locking ? " FOR UPDATE" : ""
    let jobs = try tx.query(
      """
      SELECT workflow, workflow_version, params, state, cancel_requested_at IS NOT NULL, dedup_key
      FROM jobs WHERE id = \(jobID)\(raw: lock)
      """)
    guard let job = jobs.first else { throw EngineError(.noJob, subject: "\(jobID)") }
    let workflow = try job.string(0)
    let definition = try cache.definition(
      Stages.WorkflowKey(name: workflow, version: try job.int(1)), in: tx)
    let values = JSON.object(
      JSONObject([
        ("id", .string("\(jobID)")), ("workflow", .string(workflow)),
        ("dedup_key", try job.stringOrNil(5).map(JSON.string) ?? .null),
      ]))
    var scope = TaskScope(params: RawJSON(unchecked: try job.text(2)[...]), job: RawJSON(values))
    var ended = StageValues()
    let rows = try tx.query(
      """
      SELECT \(raw: StageCounters.columns), s.handler, s.result
      FROM stages s JOIN stage_counters c ON c.stage_id = s.id JOIN jobs j ON j.id = s.job_id
      WHERE s.job_id = \(jobID) ORDER BY s.position
      """)
    var stages: [Stage] = []
    for row in rows {
      let counters = try StageCounters(row)
      let state = StageState(rawValue: counters.state) ?? .waiting
      stages.append(
        Stage(
          id: counters.stageID, name: counters.name, handler: try row.string(17), state: state, counters: counters))
      if state.isFinal { ended.add(counters, result: try row.stringOrNil(18)) }
    }
    scope.stages = try ended.read(for: definition, jobID: jobID, in: tx)
    return JobContext(
      jobID: jobID, state: JobState(rawValue: try job.string(3)) ?? .running, isCancelling: try job.bool(4),
      definition: definition, stages: stages, scope: scope)
  }
}
