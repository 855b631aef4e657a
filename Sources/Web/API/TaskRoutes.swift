import Engine
import Workflow

/// The tasks of a stage.
struct TaskRoutes: Sendable {
  let views: Views

  private static let limit = Parameter.query("limit", .integer(1...500, fallback: 100), "At most so many.")
  private static let number = Parameter.path("n", .integer(0...2_147_483_647), "The task's number in its stage, from 0.")
  private static let path = "/api/jobs/{id}/stages/{stage}/tasks"

  var routes: [Route] { [list, show, attempts] }

  private var list: Route {
    .get(
      Self.path, id: "listTasks", "The tasks of a stage, by number. Those that are not in the queue yet are counted and not listed.",
      parameters: [
        JobRoutes.id, StageRoutes.stage, .query("state", .choice(TaskState.allCases.map(\.rawValue)), "In this state only."),
        .query("after", .integer(0...2_147_483_647), "`next` of the page before."), Self.limit,
      ], schema: "TaskPage", problems: [.noJob, .noStage]
    ) { call in
      let filter = Views.TaskFilter(
        state: call.text("state").flatMap(TaskState.init), after: call.integer("after"), limit: call.limit(Self.limit))
      let page = try views.tasks(job: call.job, stage: call.stage, filter)
      return .page("tasks", page.elements.map(\.json), next: page.next)
    }
  }

  private var attempts: Route {
    .get(
      "\(Self.path)/{n}/attempts", id: "listAttempts", "The attempts of a task that have ended, the latest first.",
      parameters: [JobRoutes.id, StageRoutes.stage, Self.number], schema: "AttemptList", problems: [.noJob, .noStage]
    ) { call in
      let attempts = try views.attempts(job: call.job, stage: call.stage, n: call.integer("n") ?? 0, limit: 100)
      return .json(["attempts": .array(attempts.map(\.json))])
    }
  }

  private var show: Route {
    .get(
      "\(Self.path)/{n}", id: "getTask", "A task of a stage.", parameters: [JobRoutes.id, StageRoutes.stage, Self.number], schema: "Task",
      problems: [.noJob, .noStage, .noTask]
    ) { call in
      let n = call.integer("n") ?? 0
      let page = try views.tasks(job: call.job, stage: call.stage, Views.TaskFilter(after: n - 1, limit: 1))
      if let task = page.elements.first, task.n == n { return .json(task.json) }
      let total = try views.job(call.job).stages.first { $0.id == call.stage }?.counts.total ?? 0
      let id = "\(call.job)/\(call.stage)/\(n)"
      guard n < total else {
        throw Problem(.noTask, "there is no task \(id)", hint: "The stage has \(total) \(total == 1 ? "task" : "tasks"), counted from 0.")
      }
      throw Problem(
        .noTask, "task \(id) is not in the queue yet", hint: "A large stage puts its tasks into the queue bit by bit: ask later.")
    }
  }
}
