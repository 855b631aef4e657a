import Database
import Workflow

extension WorkflowDefinition {
  var deadlineMilliseconds: Int? { deadline.map { Int($0 / .milliseconds(1)) } }
}

extension Stages {
  /// The newest version of a workflow, and its number.
  func newest(_ workflow: String, in tx: Transaction) throws -> (WorkflowDefinition, Int) {
    let rows = try tx.query("SELECT max(version) FROM workflows WHERE name = \(workflow)")
    guard let version = try rows.first?.intOrNil(0) else {
      let known = try tx.query("SELECT DISTINCT name FROM workflows").map { try $0.string(0) }
      throw EngineError(.noWorkflow(known: known), subject: workflow)
    }
    return (try self.definition(WorkflowKey(name: workflow, version: version), in: tx), version)
  }

  /// - Throws: `.noHandler` for a handler that no host has ever offered, `.pluginUnavailable` where it is known why.
  func checkHandlers(of definition: WorkflowDefinition, in tx: Transaction) throws {
    let known = Set(try tx.query("SELECT DISTINCT name FROM handlers").map { try $0.string(0) })
    for stage in definition.stages where !known.contains(stage.handler) {
      if let found = try Catalog.unavailable(in: tx).first(where: { $0.plugin.handlers.contains(stage.handler) }) {
        throw EngineError(.pluginUnavailable(found.plugin, host: found.host), subject: definition.name)
      }
      throw EngineError(
        .noHandler(stage: stage.id, handler: stage.handler, known: Array(known)), subject: definition.name)
    }
  }

  /// The stages of a job that was just stored; all of them wait.
  func insert(_ definition: WorkflowDefinition, job: Int64, priority: Int, in tx: Transaction) throws {
    let stages = definition.stages
    try tx.execute(
      """
      WITH added AS (
          INSERT INTO stages (job_id, position, name, handler, priority, max_parallel)
          SELECT \(job), position - 1, name, handler, \(priority), nullif(max_parallel, 0)
          FROM unnest(\(stages.map(\.id))::text[], \(stages.map(\.handler))::text[],
                      \(stages.map { $0.maxParallel ?? 0 })::int[])
               WITH ORDINALITY AS t (name, handler, max_parallel, position)
          RETURNING id)
      INSERT INTO stage_counters (stage_id) SELECT id FROM added
      """)
  }
}
