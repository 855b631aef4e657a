import Engine
import Workflow

/// What can be submitted, and the handlers that it is made of.
struct CatalogRoutes: Sendable {
  let catalog: Catalog

  var routes: [Route] { [workflows, workflow, plugins] }

  private var workflows: Route {
    .get("/api/workflows", id: "listWorkflows", "The newest version of every workflow, by name.", schema: "WorkflowList") { _ in
      let unavailable = try catalog.unavailable()
      return .json(["workflows": .array(try catalog.workflows().map { Self.summary($0, unavailable) })])
    }
  }

  private var workflow: Route {
    .get(
      "/api/workflows/{name}", id: "getWorkflow", "The newest version of a workflow, with its definition.",
      parameters: [.path("name", .text(longest: 200), "The workflow's name.")], schema: "Workflow", problems: [.noWorkflow]
    ) { call in
      let known = try catalog.workflows()
      guard let workflow = known.first(where: { $0.name == call.path("name") }) else {
        throw EngineError(.noWorkflow(known: known.map(\.name)), subject: call.path("name"))
      }
      guard case .object(var object) = Self.summary(workflow, try catalog.unavailable()) else { return .json(.null) }
      let definition = Self.definition(of: workflow)
      object.append("parameters", definition["parameters"] ?? WorkflowDefinition.noParameters)
      object.append("definition", definition)
      return .json(.object(object))
    }
  }

  private static func definition(of workflow: KnownWorkflow) -> JSON {
    RawJSON(unchecked: Array(workflow.definition.utf8)[...]).parsed()
  }

  private static func summary(_ workflow: KnownWorkflow, _ unavailable: [Catalog.Unavailable]) -> JSON {
    let definition = definition(of: workflow)
    let handlers = Set((definition["stages"]?.arrayValue ?? []).compactMap { $0["handler"]?.stringValue })
    let lacking = unavailable.first { !handlers.isDisjoint(with: $0.plugin.handlers) }
    return [
      "name": .string(workflow.name), "version": JSON(workflow.version), "title": definition["title"] ?? .null,
      "description": definition["description"] ?? .null,
      "stages": .array((definition["stages"]?.arrayValue ?? []).compactMap { $0["id"] }), "created_at": .string(workflow.createdAt),
      "unavailable": lacking.map(Self.reason) ?? .null,
    ]
  }

  private var plugins: Route {
    .get("/api/plugins", id: "listPlugins", "The plugins that hosts have offered, by build, with their handlers.", schema: "PluginList") {
      _ in
      var builds: [(id: String, version: String, hash: String, handlers: [JSON])] = []
      for handler in try catalog.handlers().sorted(by: { ($0.plugin, $0.libraryHash, $0.name) < ($1.plugin, $1.libraryHash, $1.name) }) {
        if builds.last?.id != handler.plugin || builds.last?.hash != handler.libraryHash {
          builds.append((handler.plugin, handler.pluginVersion, handler.libraryHash, []))
        }
        builds[builds.count - 1].handlers.append(try Self.json(handler))
      }
      return .json([
        "plugins": .array(
          builds.map { build in
            [
              "id": .string(build.id), "version": .string(build.version), "library_hash": .string(build.hash),
              "handlers": .array(build.handlers),
            ]
          }),
        "unavailable": .array(
          try catalog.unavailable().map { found in
            [
              "id": .string(found.plugin.id), "version": .string(found.plugin.version), "host": .string(found.host),
              "reason": Self.reason(found), "handlers": .array(found.plugin.handlers.map(JSON.string)),
            ]
          }),
      ])
    }
  }

  private static func reason(_ found: Catalog.Unavailable) -> JSON {
    .string("\(found.host): \(found.plugin.message). \(found.plugin.hint).")
  }

  private static func json(_ known: KnownHandler) throws -> JSON {
    let handler = try HandlerDescription(json: known.description)
    return [
      "name": .string(handler.name), "version": .string(handler.version), "title": handler.title.map(JSON.string) ?? .null,
      "description": handler.description.map(JSON.string) ?? .null, "idempotent": .bool(handler.isIdempotent),
      "pure": .bool(handler.isPure),
      "params_schema": handler.paramsSchema, "result_schema": handler.resultSchema ?? .null, "item_schema": handler.itemSchema ?? .null,
      "services": .array(handler.services.map(JSON.string)), "optional_services": .array(handler.optional.map(JSON.string)),
      "timeout_ms": handler.timeout.map { JSON(Int($0 / .milliseconds(1))) } ?? .null,
      "memory_mb": handler.memoryMB.map { JSON($0) } ?? .null,
    ]
  }
}
