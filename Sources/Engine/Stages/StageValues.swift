import Database
import Workflow

/// Gathers what the expressions of a job can read of its stages.
struct StageValues {
  private var stages: [String: TaskScope.Stage] = [:]
  private var totals: [String: JSONObject] = [:]
  private var names: [Int64: String] = [:]

  mutating func add(_ counters: StageCounters, result: String?) {
    names[counters.stageID] = counters.name
    stages[counters.name] = TaskScope.Stage(result: result.map { RawJSON(unchecked: Array($0.utf8)[...]) })
    totals[counters.name] = JSONObject([
      ("tasks", .number(JSONNumber(counters.tasksTotal))), ("items", .number(JSONNumber(counters.items))),
      ("rejects", .number(JSONNumber(counters.errors))),
    ])
  }

  /// The stages that were added, with the totals that the definition asks for: `sum` and `count` begin at 0, `min` and
  /// `max` at null.
  func read(for definition: WorkflowDefinition, jobID: Int64, in tx: Transaction) throws -> [String: TaskScope.Stage] {
    var totals = totals
    let declared = definition.stages.filter { !$0.totals.isEmpty && totals[$0.id] != nil }
    let values = declared.isEmpty ? [:] : try sums(of: jobID, in: tx)
    for stage in declared {
      for (name, aggregate) in stage.totals.sorted(by: { $0.key < $1.key }) {
        let value = values[stage.id]?[name] ?? (aggregate == .sum || aggregate == .count ? "0" : "null")
        totals[stage.id]?.append(name, RawJSON(unchecked: Array(value.utf8)[...]).parsed())
      }
    }
    return stages.reduce(into: [:]) { all, stage in
      all[stage.key] = TaskScope.Stage(
        result: stage.value.result, totals: totals[stage.key].map { RawJSON(.object($0)) })
    }
  }

  private func sums(of jobID: Int64, in tx: Transaction) throws -> [String: [String: String]] {
    let rows = try tx.query(
      """
      SELECT t.stage_id, t.name, t.value FROM stage_totals t JOIN stages s ON s.id = t.stage_id
      WHERE s.job_id = \(jobID) AND t.kind = 'total'
      """)
    var values: [String: [String: String]] = [:]
    for row in rows {
      guard let stage = names[Int64(try row.int(0))] else { continue }
      values[stage, default: [:]][try row.string(1)] = try row.string(2)
    }
    return values
  }
}
