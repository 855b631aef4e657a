import Database
import Workflow

extension Control {
  /// Gives a job another priority, from the next claim on; answers the one it had.
  /// - Throws: `.noJob`, `.jobHasEnded`.
  @discardableResult
  public func prioritize(_ jobID: Int64, _ priority: Int, by actor: Actor) throws -> Int {
    try database.retryingTransaction { tx in
      let rows = try tx.query("SELECT state, priority FROM jobs WHERE id = \(jobID) FOR UPDATE")
      guard let row = rows.first, let state = JobState(rawValue: try row.string(0)) else {
        throw EngineError(.noJob, subject: "\(jobID)")
      }
      guard !state.isFinal else { throw EngineError(.jobHasEnded(state), subject: "\(jobID)") }
      let before = try row.int(1)
      try tx.execute(
        """
        WITH staged AS (UPDATE stages SET priority = \(priority) WHERE job_id = \(jobID))
        UPDATE jobs SET priority = \(priority) WHERE id = \(jobID)
        """)
      let details = JSON.object(
        JSONObject([("from", .number(JSONNumber(before))), ("to", .number(JSONNumber(priority)))]))
      try Audit.record(actor, "job.priority", subject: "job/\(jobID)", details: details, in: tx)
      return before
    }
  }

  /// Adds labels to a job and takes others away, whatever its state; answers all that it has then, in order.
  /// - Throws: `.noJob`, `.tooManyLabels`.
  public func label(_ jobID: Int64, add: [String] = [], remove: [String] = [], by actor: Actor) throws -> [String] {
    try database.retryingTransaction { tx in
      let rows = try tx.query("SELECT \(raw: Jobs.labels) FROM jobs WHERE id = \(jobID) FOR UPDATE")
      guard let row = rows.first else { throw EngineError(.noJob, subject: "\(jobID)") }
      let before = try row.strings(0)
      let after = Set(before).subtracting(remove).union(add).sorted()
      guard after.count <= Jobs.mostLabels else { throw EngineError(.tooManyLabels(after.count), subject: "\(jobID)") }
      guard after != before.sorted() else { return after }
      try tx.execute("UPDATE jobs SET labels = \(after), label = NULL WHERE id = \(jobID)")
      func list(_ labels: [String]) -> JSON { .array(labels.map(JSON.string)) }
      let details = JSON.object(JSONObject([("add", list(add)), ("remove", list(remove))]))
      try Audit.record(actor, "job.label", subject: "job/\(jobID)", details: details, in: tx)
      return after
    }
  }
}
