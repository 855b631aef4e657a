import Engine
import HTTPTypes
import Workflow

/// Checks a workflow that is not kept yet: by the same rules as the files and `weir validate`.
struct ValidationRoute: Sendable {
  let catalog: Catalog

  var route: Route {
    Route(
      .post, "/api/workflows/validate", id: "validateWorkflow",
      "Check a workflow's definition against the plugins that hosts have offered; nothing is kept.",
      body: "The definition, as a manifest has it.",
      successes: [.init(status: 200, summary: "Every problem, by place; none: it can be used.", schema: "Validation")],
      .blocking { call in
        let handlers = HandlerCatalogue(plugins: try plugins())
        let problems = Validator.workflow(bytes: call.body, file: "body", handlers: handlers).problems
        return .json(["valid": .bool(problems.isEmpty), "problems": .array(problems.map(Self.json))])
      })
  }

  /// What the hosts' libraries say of themselves, handlers only.
  private func plugins() throws -> [PluginDescription] {
    try Dictionary(grouping: catalog.handlers(), by: \.plugin).sorted { $0.key < $1.key }.map { id, handlers in
      PluginDescription(
        id: id, version: handlers[0].pluginVersion, handlers: try handlers.map { try HandlerDescription(json: $0.description) })
    }
  }

  private static func json(_ problem: Workflow.Problem) -> JSON {
    [
      "path": .string(problem.path), "message": .string(problem.message), "hint": problem.hint.map(JSON.string) ?? .null,
      "line": problem.line > 0 ? JSON(problem.line) : .null, "column": problem.column > 0 ? JSON(problem.column) : .null,
    ]
  }
}
