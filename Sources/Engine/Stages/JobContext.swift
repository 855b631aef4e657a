import Database
import Workflow

/// A job as a transaction sees it: its definition, its stages, and what its expressions can read.
struct JobContext {
  struct Stage {
    var id: Int64
    /// The stage whose items are this one's: another job's when it was taken over.
    var source: Int64
    var name: String
    var handler: String
    var state: StageState
    var counters: StageCounters
  }

  var head: JobHead
  var stages: [Stage]
  var scope: TaskScope

  var definition: WorkflowDefinition { head.definition }

  func stage(_ name: String) -> Stage? { stages.first { $0.name == name } }

  /// Reads the stages of a job whose row was read before, or locked.
  static func read(_ head: JobHead, in tx: Transaction) throws -> JobContext {
    var ended = StageValues()
    let rows = try tx.query(
      """
      SELECT \(raw: StageCounters.columns), s.handler, s.result, coalesce(s.reuses, s.id)
      FROM stages s JOIN stage_counters c ON c.stage_id = s.id JOIN jobs j ON j.id = s.job_id
      WHERE s.job_id = \(head.jobID) ORDER BY s.position
      """)
    var stages: [Stage] = []
    for row in rows {
      let counters = try StageCounters(row)
      let state = StageState(rawValue: counters.state) ?? .waiting
      stages.append(
        Stage(
          id: counters.stageID, source: Int64(try row.int(19)), name: counters.name, handler: try row.string(17), state: state,
          counters: counters))
      if state.isFinal { ended.add(counters, result: try row.stringOrNil(18)) }
    }
    var scope = head.scope
    scope.stages = try ended.read(for: head.definition, jobID: head.jobID, in: tx)
    return JobContext(head: head, stages: stages, scope: scope)
  }
}
