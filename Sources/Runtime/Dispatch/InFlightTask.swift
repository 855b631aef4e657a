import Engine

/// A task that this host has claimed and not completed.
final class InFlightTask: Sendable {
  let task: ClaimedTask
  let plan: StagePlan
  let handler: HostedHandler
  let emitted = EmittedCounts()

  init(task: ClaimedTask, plan: StagePlan, handler: HostedHandler) {
    self.task = task
    self.plan = plan
    self.handler = handler
  }

  /// `plugin "p", handler "h", task JOB/STAGE/N`: what messages begin with.
  var subject: String { "plugin \"\(handler.plugin)\", handler \"\(handler.name)\", task \(plan.taskID(task.n))" }
}
