import Engine
import FoundationEssentials
import Runners
import Workflow

/// Turns what happens into spans, of the jobs that are sampled, and says in which trace a handler works.
struct Tracer: Sendable {
  /// Nil: nothing is exported.
  let exporter: SpanExporter?
  let ratio: Double

  init(exporter: SpanExporter? = nil, ratio: Double = 0) {
    self.exporter = exporter
    self.ratio = ratio
  }

  /// What an attempt's handler is told; nil: its job is in no trace.
  func traceparent(_ plan: StagePlan, _ task: ClaimedTask) -> String? {
    // who exports nothing takes no place in the trace that was given
    guard exporter != nil else { return plan.trace.traceparent }
    let context = plan.trace.context(ratio: ratio)
    return context.traceparent(of: JobTrace.span(ofStage: plan.definition.id, n: task.n, attempt: task.attempt, context.trace))
  }

  /// An attempt that ended here.
  func ended(_ inFlight: InFlightTask, _ completion: Completion, now: Date = Date()) {
    guard let exporter, completion.end != .returned else { return }
    let (plan, task, handler) = (inFlight.plan, inFlight.task, inFlight.handler)
    let context = plan.trace.context(ratio: ratio)
    guard context.isSampled else { return }
    let end = Int64(now.timeIntervalSince1970 * 1_000_000)
    let stage = plan.definition.id
    exporter.add(
      Span(
        context: context, id: JobTrace.span(ofStage: stage, n: task.n, attempt: task.attempt, context.trace),
        parent: JobTrace.span(ofStage: stage, context.trace), name: "task \(handler.name)",
        start: end - Int64(completion.wall / .microseconds(1)), end: end,
        attributes: [
          ("weir.job.id", .text("\(plan.jobID)")), ("weir.stage", .text(stage)), ("weir.task.id", .text(plan.taskID(task.n))),
          ("weir.attempt", .number(task.attempt)), ("weir.handler", .text(handler.name)), ("weir.plugin", .text(handler.plugin)),
          ("weir.outcome", .text(completion.end.rawValue)),
        ], error: completion.end == .completed ? nil : Self.shown(completion.message ?? completion.end.rawValue)))
  }

  /// Jobs that ended anywhere, with their stages.
  func ended(_ jobs: [EndedJob]) {
    guard let exporter else { return }
    for job in jobs {
      let context = job.trace.context(ratio: ratio)
      guard context.isSampled else { continue }
      let id = JobTrace.span(ofJob: context.trace)
      exporter.add(
        Span(
          context: context, id: id, parent: context.parent, name: "job \(job.workflow)", start: job.startedAt, end: job.finishedAt,
          attributes: [
            ("weir.job.id", .text("\(job.trace.jobID)")), ("weir.workflow", .text(job.workflow)),
            ("weir.workflow.version", .number(job.version)), ("weir.state", .text(job.state)),
          ], error: job.state == "completed" ? nil : Self.shown(job.error ?? job.state)))
      for stage in job.stages {
        exporter.add(
          Span(
            context: context, id: JobTrace.span(ofStage: stage.name, context.trace), parent: id, name: "stage \(stage.name)",
            start: stage.openedAt, end: stage.finishedAt,
            attributes: [
              ("weir.job.id", .text("\(job.trace.jobID)")), ("weir.stage", .text(stage.name)), ("weir.handler", .text(stage.handler)),
              ("weir.state", .text(stage.state)), ("weir.tasks", .number(stage.tasks)), ("weir.tasks.failed", .number(stage.failed)),
            ], error: ["completed", "skipped"].contains(stage.state) ? nil : stage.state))
      }
    }
  }

  private static func shown(_ message: String) -> String { String(Redaction.byForm.text(message).prefix(1_000)) }
}
