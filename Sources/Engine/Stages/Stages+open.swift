import Database
import Workflow

extension Stages {
  enum Opening {
    case tasks(StagePlan)
    /// It had nothing to do, or could not be opened, and has ended.
    case nothing
  }

  /// Opens a stage: says how many tasks it has and puts the first of them into the queue.
  func open(_ stage: JobContext.Stage, in context: JobContext, _ tx: Transaction) throws -> Opening {
    guard let definition = context.definition.stage(stage.name) else { return .nothing }
    do {
      guard let forEach = definition.forEach else {
        try startSingle(stage.id, definition, in: tx)
        return .tasks(plan(stage, definition, in: context, tasks: 1))
      }
      let batch = try forEach.batch.map { try size(of: $0, in: context.scope) }
      let (source, items) = try self.items(of: forEach.source, for: stage, in: context, tx)
      let tasks = batch.map { (items + $0 - 1) / $0 } ?? items
      guard tasks <= Int(Int32.max) else { throw OpeningError("it would have \(tasks) tasks; the most is \(Int32.max)") }
      guard tasks > 0 else {
        try start(stage.id, definition, tasks: 0, from: source, items: 0, batch: batch, in: tx)
        try end(stage.id, .completed, in: tx)
        return .nothing
      }
      try start(stage.id, definition, tasks: tasks, from: source, items: items, batch: batch, in: tx)
      try Queue.expand(stage.id, in: tx)
      return .tasks(plan(stage, definition, in: context, tasks: tasks, from: source, items: items, batch: batch))
    } catch let error as ExpressionError {
      try end(stage.id, .failed, reason: "it cannot be opened: \(error)", in: tx)
    } catch let error as OpeningError {
      try end(stage.id, .failed, reason: "it cannot be opened: \(error.text)", in: tx)
    }
    return .nothing
  }

  private func plan(
    _ stage: JobContext.Stage, _ definition: StageDefinition, in context: JobContext, tasks: Int, from source: Int64? = nil,
    items: Int? = nil, batch: Int? = nil
  ) -> StagePlan {
    StagePlan(
      stageID: stage.id, jobID: context.head.jobID, definition: definition, tasksTotal: tasks, itemsFrom: source,
      itemsTotal: items, batch: batch, trace: context.head.trace, scope: context.scope)
  }

  /// Starts a stage of one task and puts that into the queue: one round trip, since chains are made of these.
  private func startSingle(_ stageID: Int64, _ definition: StageDefinition, in tx: Transaction) throws {
    try tx.execute(
      """
      WITH started AS (UPDATE stages SET state = 'running', opened_at = now(), tasks_total = 1,
              queue_timeout_ms = \(definition.queueTimeoutMilliseconds)
          WHERE id = \(stageID)),
      queued AS (INSERT INTO ready (stage_id, n, due_at) VALUES (\(stageID), 0, now()))
      UPDATE stage_counters SET expanded = 1, queued = 1 WHERE stage_id = \(stageID)
      """)
  }

  private func start(
    _ stageID: Int64, _ definition: StageDefinition, tasks: Int, from source: Int64? = nil, items: Int? = nil, batch: Int? = nil,
    in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE stages SET state = 'running', opened_at = now(), tasks_total = \(tasks),
          items_from = \(source), items_total = \(items), batch = \(batch),
          failure_limit = \(definition.failureBudget.map { $0.tasksAlike(of: tasks) }),
          queue_timeout_ms = \(definition.queueTimeoutMilliseconds)
      WHERE id = \(stageID)
      """)
  }

  private func size(of batch: FanOut.Batch, in scope: TaskScope) throws -> Int {
    switch batch {
    case .size(let size): return size
    case .expression(let template):
      let text = RawJSON(unchecked: try template.render(in: scope)[...])
      guard let size = text.int, size > 0, size <= Int(Int32.max) else {
        throw OpeningError("for_each.batch is \(text.text); it must be a whole number of at least 1")
      }
      return size
    }
  }

  /// Where the elements come from and how many there are. An array's are stored as the stage's own.
  private func items(
    of source: FanOut.Source, for stage: JobContext.Stage, in context: JobContext, _ tx: Transaction
  ) throws -> (Int64, Int) {
    switch source {
    case .itemsOf(let name):
      guard let other = context.stage(name) else { throw OpeningError("there is no stage \"\(name)\"") }
      return (other.source, other.counters.items)
    case .array(let template):
      let value = RawJSON(unchecked: try template.render(in: context.scope)[...])
      guard value.kind == .array else {
        throw OpeningError("for_each.array is not an array but \(value.text.prefix(80))")
      }
      return (stage.id, try ElementSpool.store(value, for: stage.id, in: tx))
    }
  }
}

extension StageDefinition {
  fileprivate var queueTimeoutMilliseconds: Int? { queueTimeout.map { Int($0 / .milliseconds(1)) } }
}

/// Why a stage could not be opened; becomes the stage's reason.
private struct OpeningError: Error {
  let text: String
  init(_ text: String) { self.text = text }
}
