import Engine
import Workflow

/// The stages of a job, and what they emitted.
struct StageRoutes: Sendable {
  let views: Views

  static let stage = Parameter.path("stage", .text(longest: 200), "The stage's id in its workflow.")
  private static let limit = Parameter.query("limit", .integer(1...500, fallback: 100), "At most so many.")
  private static let path = "/api/jobs/{id}/stages"

  var routes: [Route] {
    [
      list, show, emitted("items", .item, id: "listItems", "What the stage's tasks emitted, by number.", schema: "ItemPage"),
      emitted("rejects", .reject, id: "listRejects", "What the stage's tasks could not process, with the reasons.", schema: "RejectPage"),
    ]
  }

  private var list: Route {
    .get(
      Self.path, id: "listStages", "The stages of a job, in the order of the workflow.", parameters: [JobRoutes.id], schema: "StageList",
      problems: [.noJob]
    ) { call in
      .json(["stages": .array(try views.job(call.job).stages.map(\.json))])
    }
  }

  private var show: Route {
    .get(
      "\(Self.path)/{stage}", id: "getStage", "A stage of a job.", parameters: [JobRoutes.id, Self.stage], schema: "Stage",
      problems: [.noJob, .noStage]
    ) { call in
      let stages = try views.job(call.job).stages
      guard let stage = stages.first(where: { $0.id == call.stage }) else {
        throw EngineError(.noStage(known: stages.map(\.id)), subject: "\(call.job)/\(call.stage)")
      }
      return .json(stage.json)
    }
  }

  private func emitted(_ name: String, _ kind: ItemKind, id: String, _ summary: String, schema: String) -> Route {
    .get(
      "\(Self.path)/{stage}/\(name)", id: id, summary,
      parameters: [JobRoutes.id, Self.stage, .query("after", .cursor, "`next` of the page before."), Self.limit], schema: schema,
      problems: [.noJob, .noStage]
    ) { call in
      let page = try views.items(
        kind, job: call.job, stage: call.stage, after: call.integer("after") ?? -1, limit: call.limit(Self.limit))
      return .page(name, texts: page.elements, next: page.next)
    }
  }
}
