/// `parameters` is a JSON Schema of an object, and the defaults in it are valid by it.
struct ParameterSchemaRule: ValidationRule {
  let id = "parameter-schema"

  func problems(in context: WorkflowContext) -> [Problem] {
    let parameters = context.definition.parameters
    let place = ManifestPath()["parameters"]
    if parameters["type"] != .string("object") {
      return [
        context.problem(
          at: place["type"], "the parameters of a job are an object.", hint: "Write \"type\": \"object\".")
      ]
    }
    do {
      _ = try Schema(parameters)
      return try problemsOfDefaults(in: context)
    } catch {
      return problems(of: error, in: context)
    }
  }

  private func problemsOfDefaults(in context: WorkflowContext) throws(SchemaError) -> [Problem] {
    let schema = try Schema(context.definition.parameters.partial)
    let defaults = context.definition.withDefaults(.object(JSONObject()))
    return schema.problems(in: defaults).map { problem in
      let path = ManifestPath(pointer: problem.pointer, in: defaults)
      let place = ManifestPath()["parameters"]["properties"]
      guard case .member(let name)? = path.components.first else { return context.problem(at: place, problem.message) }
      return context.problem(
        at: place[name]["default"], "the default is not valid: expected \(problem.expected), got \(problem.given).",
        hint: problem.suggestion)
    }
  }

  private func problems(of error: SchemaError, in context: WorkflowContext) -> [Problem] {
    let parameters = context.definition.parameters
    func place(_ pointer: String) -> ManifestPath {
      ManifestPath()["parameters"] + ManifestPath(pointer: pointer, in: parameters)
    }
    if case .notASchema(let problems) = error.code {
      return problems.map { problem in
        context.problem(
          at: place(problem.pointer), "expected \(problem.expected), got \(problem.given).",
          hint: problem.suggestion ?? error.hint)
      }
    }
    let prefix = "\(error.pointer): "
    let message = error.message.hasPrefix(prefix) ? String(error.message.dropFirst(prefix.count)) : error.message
    return [context.problem(at: place(error.pointer), message, hint: error.hint)]
  }
}
