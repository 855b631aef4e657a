import Engine
import HTTPTypes
import Workflow

/// Limits over all hosts: how many tasks at a time, how many in a while.
struct LimitRoutes: Sendable {
  let engine: Engine
  let onChange: @Sendable () -> Void

  private static let name = Parameter.path(
    "name", .text(longest: 200), "A resource such as `planet_api`, or a handler such as `ingest.copy`.")

  var routes: [Route] { [list, set, remove] }

  private var list: Route {
    .get("/api/limits", id: "listLimits", "All limits, by name, with what is in use.", schema: "LimitList") { _ in
      .json(["limits": .array(try engine.limits.list().map(\.json))])
    }
  }

  private var set: Route {
    Route(
      .put, "/api/limits/{name}", id: "setLimit", "Set a limit, at once for all hosts; it stays until it is removed.", access: .operator,
      parameters: [Self.name],
      body: "An object with `concurrency` (a whole number, 0 lets nothing begin), `rate` (such as `\"10/s\"`), or both, and `burst`.",
      successes: [.init(status: 200, summary: "The limit.", schema: "Limit")], problems: [.notJSON, .invalidLimit],
      .blocking { call in
        let name = call.path("name")
        let body: JSON
        do throws(JSONSyntaxError) {
          body = try JSON(parsing: call.body)
        } catch {
          throw EngineError(.paramsNotJSON(error), subject: name)
        }
        let settings: LimitSettings
        do throws(LimitSettings.Fault) {
          settings = try LimitSettings(body)
        } catch {
          throw EngineError(.invalidLimit(error.message), subject: name)
        }
        try engine.limits.set(name, settings, by: call.actor)
        onChange()
        return .json(try engine.limits.list().first { $0.name == name }?.json ?? .null)
      })
  }

  private var remove: Route {
    Route(
      .delete, "/api/limits/{name}", id: "removeLimit", "Remove a limit, at once for all hosts.", access: .operator,
      parameters: [Self.name], successes: [.init(status: 200, summary: "What is left.", schema: "LimitList")], problems: [.noLimit],
      .blocking { call in
        try engine.limits.remove(call.path("name"), by: call.actor)
        onChange()
        return .json(["limits": .array(try engine.limits.list().map(\.json))])
      })
  }
}
