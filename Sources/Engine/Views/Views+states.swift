import Database
public import Workflow

extension Views {
  /// What some tasks of a stage are, by number from `first` on; at most those that the stage has. Tasks without a row are queued.
  ///
  /// Cost grows with `count`, never with the stage.
  /// - Throws: `.noJob`, `.noStage`.
  public func taskStates(job: Int64, stage: String, from first: Int, count: Int) throws -> [TaskState] {
    try database.transaction(access: .readOnly) { tx in
      let key = try self.key(job: job, stage: stage, in: tx)
      let total = try tx.query("SELECT coalesce(tasks_total, 0) FROM stages WHERE id = \(key)").one().int(0)
      var states = [TaskState](repeating: .queued, count: max(0, min(count, total - first)))
      guard !states.isEmpty else { return [] }
      let end = first + states.count
      let rows = try tx.query(
        """
        SELECT n, 1 AS kind FROM ready WHERE stage_id = \(key) AND n >= \(first) AND n < \(end) AND failures > 0
        UNION ALL SELECT n, 2 FROM leases WHERE stage_id = \(key) AND n >= \(first) AND n < \(end)
        UNION ALL
        SELECT n, CASE outcome WHEN 'completed' THEN 3 WHEN 'cancelled' THEN 5 ELSE 4 END FROM attempts
        WHERE stage_id = \(key) AND n >= \(first) AND n < \(end) AND final
        """)
      for row in rows {
        let place = try row.int(0) - first
        guard states.indices.contains(place) else { continue }
        states[place] =
          switch try row.int(1) {
          case 1: .retrying
          case 2: .running
          case 3: .completed
          case 5: .cancelled
          default: .failed
          }
      }
      return states
    }
  }
}
