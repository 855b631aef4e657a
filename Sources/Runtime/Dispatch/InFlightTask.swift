import Engine
import Runners
import Workflow

/// A task that this host has claimed and not completed.
final class InFlightTask: Sendable {
  let task: ClaimedTask
  let plan: StagePlan
  let handler: HostedHandler
  /// What its handler, and those that it asks, are told of its trace.
  let traceparent: String?
  let emitted = EmittedCounts()

  init(task: ClaimedTask, plan: StagePlan, handler: HostedHandler, traceparent: String? = nil) {
    self.task = task
    self.plan = plan
    self.handler = handler
    self.traceparent = traceparent
  }

  /// The attempt as what it writes names it.
  var origin: Origin {
    Origin(
      jobID: plan.jobID, stage: plan.definition.id, n: task.n, attempt: task.attempt, handler: handler.name,
      handlerVersion: handler.version, plugin: handler.plugin, pluginVersion: handler.pluginVersion, libraryHash: handler.build.sha256)
  }

  /// `plugin "p", handler "h", task JOB/STAGE/N`: what messages begin with.
  var subject: String { "plugin \"\(handler.plugin)\", handler \"\(handler.name)\", task \(plan.taskID(task.n))" }
}
