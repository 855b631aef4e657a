import Database
import Workflow

/// A stage that opened, with tasks in the queue.
struct OpenedStage {
  var handler: String
  var plan: StagePlan
}

/// What closing a stage led to.
struct Advance {
  var opened: [OpenedStage] = []
  var endedJobs: [Int64] = []
}

extension Stages {
  /// Closes a stage whose tasks have all ended, and carries out what follows for its job.
  ///
  /// Runs in the transaction that ended the last task, which holds the lock of the counters: it happens once.
  /// - Parameter result: JSON of the one task of a stage without fan-out.
  func close(_ counters: StageCounters, result: String?, in tx: Transaction) throws -> Advance {
    let head = try JobHead.read(counters.jobID, stages: self, locking: true, in: tx)
    var counters = counters
    // a cancel may have come between the statement that moved the counters and the lock on the job
    counters.isCancelling = head.isCancelling
    let verdict = StageClosing(counters, definition: head.definition.stage(counters.name))
    let kept = counters.itemsTotal == nil && verdict.state == .completed ? (result ?? "{}") : nil
    try end(counters.stageID, verdict.state, reason: verdict.reason, result: kept, in: tx)
    return try advance(head, in: tx)
  }

  /// Carries out what the planner says until there is nothing more to decide.
  func advance(_ jobID: Int64, in tx: Transaction) throws -> Advance {
    try advance(try JobHead.read(jobID, stages: self, locking: true, in: tx), in: tx)
  }

  /// As `advance(_:in:)`, of a job whose row the transaction has locked.
  private func advance(_ head: JobHead, in tx: Transaction) throws -> Advance {
    var advance = Advance()
    guard !head.state.isFinal else { return advance }
    while true {
      let context = try JobContext.read(head, in: tx)
      // a paused job opens nothing; one whose stages have all ended has no reason to wait
      if head.isHeld, !context.stages.allSatisfy(\.state.isFinal) { return advance }
      let actions = Planner.next(
        context.plannerStages, isCancelled: head.isCancelling,
        holds: { id in try context.definition.stage(id)?.when?.holds(in: context.scope) ?? true })
      var closedAtOnce = false
      for action in actions {
        switch action {
        case .open(let name):
          guard let stage = context.stage(name) else { continue }
          switch try open(stage, in: context, tx) {
          case .tasks(let plan): advance.opened.append(OpenedStage(handler: stage.handler, plan: plan))
          case .nothing: closedAtOnce = true
          }
        case .skip(let name, let reason): try end(context.stage(name)?.id, .skipped, reason: reason, in: tx)
        case .fail(let name, let reason):
          try end(context.stage(name)?.id, .failed, reason: reason, in: tx)
          closedAtOnce = true
        case .cancel(let name): try end(context.stage(name)?.id, .cancelled, in: tx)
        case .finish(let state):
          // an action above may have closed a stage at once: ask again with its state before the job ends
          guard !closedAtOnce else { break }
          try finish(head, state, in: tx)
          advance.endedJobs.append(head.jobID)
        }
      }
      if !closedAtOnce { return advance }
    }
  }

  private func finish(_ head: JobHead, _ state: JobState, in tx: Transaction) throws {
    let (jobID, state) = (head.jobID, head.isOverdue && state == .cancelled ? .failed : state)
    let deadline = head.isOverdue && state == .failed ? head.definition.deadline : nil
    let overdue = deadline.map { "it was not done within its deadline of \(DurationText.text(of: $0))" }
    try tx.execute(
      """
      UPDATE jobs SET state = \(state.rawValue), finished_at = now(), paused_at = NULL, paused_by = NULL, paused_why = NULL,
          started_at = coalesce(started_at, now()),
          error = nullif(concat_ws(E'\\n', \(overdue)::text, (
              SELECT string_agg(format('stage "%s": %s', name, reason), E'\\n' ORDER BY position)
              FROM stages WHERE job_id = \(jobID) AND state = 'failed' AND \(state == .failed))), '')
      WHERE id = \(jobID)
      """)
  }

  /// Ends a stage; what only a live stage needs goes with it.
  func end(
    _ stageID: Int64?, _ state: StageState, reason: String? = nil, result: String? = nil, in tx: Transaction
  ) throws {
    guard let stageID else { return }
    try tx.execute(
      """
      WITH useless AS (DELETE FROM checkpoints WHERE stage_id = \(stageID))
      UPDATE stages SET state = \(state.rawValue), reason = \(reason), result = \(result), finished_at = now(),
          paused_at = NULL, paused_by = NULL, paused_why = NULL
      WHERE id = \(stageID)
      """)
  }
}

extension JobContext {
  var plannerStages: [Planner.Stage] {
    stages.map { stage in
      let definition = definition.stage(stage.name)
      return Planner.Stage(
        id: stage.name, needs: definition?.needs ?? [], opensIfSkipped: definition?.ifSkipped == .run,
        state: stage.state, hasErrors: stage.counters.errors > 0)
    }
  }
}
