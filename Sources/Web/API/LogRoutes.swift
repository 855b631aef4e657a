import Engine
import Workflow

/// What the tasks of a job logged.
struct LogRoutes: Sendable {
  let views: Views

  private static let levels = ["debug", "info", "warning", "error"]
  private static let limit = Parameter.query("limit", .integer(1...1_000, fallback: 200), "At most so many.")

  var routes: [Route] {
    [
      .get(
        "/api/jobs/{id}/logs", id: "listLogLines", "What the tasks of a job logged, in the order in which it was stored.",
        parameters: [
          JobRoutes.id, .query("stage", .text(longest: 200), "Of this stage only."),
          .query("n", .integer(0...2_147_483_647), "Of the task with this number only; needs `stage`."),
          .query("level", .choice(Self.levels), "At least."), .query("after", .cursor, "`next` of the page before."), Self.limit,
        ], schema: "LogPage", problems: [.noJob, .noStage], lines)
    ]
  }

  private func lines(_ call: Call) throws -> Answer {
    guard call.text("n") == nil || call.text("stage") != nil else {
      throw Problem(.invalidQuery, "the query has n and no stage", hint: "A task's number counts in its stage: add `stage`.")
    }
    let page = try views.logs(
      job: call.job, stage: call.text("stage"), n: call.integer("n"),
      minimumLevel: call.text("level").flatMap(Self.levels.firstIndex) ?? 0, after: call.text("after").flatMap { Int64($0) } ?? 0,
      limit: call.limit(Self.limit))
    return .page("lines", page.elements.map(\.json), next: page.next)
  }
}
