/// A stage's params fit its handler, as far as that can be said before there are values.
struct StageParamsRule: ValidationRule {
  let id = "stage-params"

  func problems(in context: WorkflowContext) -> [Problem] {
    context.stages.enumerated().flatMap { position, stage -> [Problem] in
      guard let handler = context.handlers?[stage.handler], let params = stage.params.source.objectValue else { return [] }
      let place = context.path(position)["params"]
      return names(of: params, handler: handler, at: place, in: context)
        + literals(of: params, in: stage, handler: handler, at: place, context: context)
    }
  }

  private func names(
    of params: JSONObject, handler: HandlerDescription, at place: ManifestPath, in context: WorkflowContext
  ) -> [Problem] {
    var problems: [Problem] = []
    if let known = handler.paramsSchema.closedProperties {
      for name in params.keys where !known.contains(name) {
        problems.append(
          context.problem(
            at: place[name], "\(handler.name) has no param \"\(name)\".",
            hint: known.isEmpty ? "It has none." : Suggestion.hint("It has", known, for: name)))
      }
    }
    for name in handler.paramsSchema.requiredProperties where params[name] == nil {
      problems.append(
        context.problem(
          at: place[name], "is missing.", hint: "\(handler.name) requires \(handler.paramsSchema.requiredProperties.listed())."))
    }
    return problems
  }

  /// Checks the members in which there is no expression.
  private func literals(
    of params: JSONObject, in stage: StageDefinition, handler: HandlerDescription, at place: ManifestPath,
    context: WorkflowContext
  ) -> [Problem] {
    let dynamic = Set(stage.params.slots.compactMap { $0.place.components.first })
    let literals = JSON.object(JSONObject(params.members.filter { !dynamic.contains(.member($0.key)) }))
    guard let schema = try? Schema(handler.paramsSchema.partial) else { return [] }  // a library's schema is checked when it is loaded
    return schema.problems(in: literals).map { problem in
      context.problem(
        at: place + ManifestPath(pointer: problem.pointer, in: literals), "expected \(problem.expected), got \(problem.given).",
        hint: problem.suggestion)
    }
  }
}
