import Database
import Workflow

extension Stages {
  /// The plan of a stage that has opened; nil when there is no such stage.
  public func plan(_ stageID: Int64) throws -> StagePlan? {
    try database.transaction(access: .readOnly) { tx in
      let rows = try tx.query(
        """
        SELECT s.job_id, s.name, s.tasks_total, s.items_from, s.items_total, s.batch
        FROM stages s WHERE s.id = \(stageID)
        """)
      guard let row = rows.first else { return nil }
      let head = try JobHead.read(Int64(try row.int(0)), stages: self, locking: false, in: tx)
      let context = try JobContext.read(head, in: tx)
      guard let definition = context.definition.stage(try row.string(1)) else { return nil }
      return StagePlan(
        stageID: stageID, jobID: head.jobID, definition: definition, tasksTotal: try row.intOrNil(2) ?? 0,
        itemsFrom: try row.intOrNil(3).map(Int64.init), itemsTotal: try row.intOrNil(4), batch: try row.intOrNil(5),
        trace: head.trace, scope: context.scope)
    }
  }
}
