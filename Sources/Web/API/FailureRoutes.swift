import Engine
import HTTPTypes
import Workflow

/// What fails in all jobs, and the builds that were put into quarantine for it.
struct FailureRoutes: Sendable {
  let engine: Engine
  let onChange: @Sendable () -> Void

  private static let limit = Parameter.query("limit", .integer(1...500, fallback: 100), "At most so many.")

  var routes: [Route] { [failures, quarantines, release] }

  private var failures: Route {
    .get(
      "/api/failures", id: "listFailures", "What failed lately in all jobs, by cause, the latest first.", parameters: [Self.limit],
      schema: "FailureGroupList"
    ) { call in
      .json(["groups": .array(try engine.views.failureGroups(limit: call.limit(Self.limit)).map(\.json))])
    }
  }

  private var quarantines: Route {
    .get("/api/quarantines", id: "listQuarantines", "The builds in quarantine: their tasks wait.", schema: "QuarantineList") { _ in
      .json(["quarantines": .array(try engine.quarantines.list().map(\.json))])
    }
  }

  private var release: Route {
    Route(
      .post, "/api/quarantines/{hash}/release", id: "releaseBuild", "Let hosts use a build again.", access: .operator,
      parameters: [.path("hash", .text(longest: 64), "The library's hash, or a beginning of it that no other has.")],
      successes: [.init(status: 202, summary: "The build that was released.", schema: "Released")], problems: [.noQuarantine],
      .blocking { call in
        let hash = try engine.quarantines.release(call.path("hash"), by: call.actor)
        onChange()
        return .json(["library_hash": .string(hash)], status: 202)
      })
  }
}
