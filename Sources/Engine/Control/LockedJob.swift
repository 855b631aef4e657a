import Database
import Workflow

/// A job that nothing else changes until the transaction ends: neither a claim, a completion, nor another operator.
struct LockedJob {
  var head: JobHead
  /// In the order of the workflow.
  var stages: [StageCounters]

  /// Locks the counters first and the job then, as completions do, so that neither waits for the other.
  /// - Throws: `.noJob`.
  static func take(_ jobID: Int64, stages: Stages, in tx: Transaction) throws -> LockedJob {
    _ = try tx.query(
      """
      SELECT FROM stage_counters c JOIN stages s ON s.id = c.stage_id WHERE s.job_id = \(jobID) ORDER BY c.stage_id FOR UPDATE OF c
      """)
    let head = try JobHead.read(jobID, stages: stages, locking: true, in: tx)
    // again, for what came while this waited: a stage that was put back has another key
    let rows = try tx.query(
      """
      SELECT \(raw: StageCounters.columns)
      FROM stages s JOIN stage_counters c ON c.stage_id = s.id JOIN jobs j ON j.id = s.job_id
      WHERE s.job_id = \(jobID) ORDER BY s.position FOR UPDATE OF c
      """)
    return LockedJob(head: head, stages: try rows.map { try StageCounters($0) })
  }

  var subject: String { "\(head.jobID)" }

  /// - Throws: `.jobHasEnded`, `.jobIsCancelling`.
  func mustBeLive() throws {
    if head.state.isFinal { throw EngineError(.jobHasEnded(head.state), subject: subject) }
    if head.isCancelling { throw EngineError(.jobIsCancelling, subject: subject) }
  }

  /// - Throws: `.noStage`.
  func stage(_ name: String) throws -> StageCounters {
    guard let stage = stages.first(where: { $0.name == name }) else {
      throw EngineError(.noStage(known: stages.map(\.name)), subject: "\(subject)/\(name)")
    }
    return stage
  }

  /// The keys of the stages in these states.
  func keys(in states: Set<StageState>) -> [Int] {
    stages.filter { stage in StageState(rawValue: stage.state).map(states.contains) ?? false }.map { Int($0.stageID) }
  }
}
