/// A batch has at least one element.
struct BatchRule: ValidationRule {
  let id = "batch"

  func problems(in context: WorkflowContext) -> [Problem] {
    context.stages.enumerated().compactMap { position, stage in
      let place = context.path(position)["for_each"]["batch"]
      switch stage.forEach?.batch {
      case .size(let size)? where size < 1:
        return context.problem(at: place, "a batch of \(size) is none.", hint: "Write 1 or more, or leave batch out.")
      case .expression(let template)?:
        return problem(of: template, at: place, in: context)
      default: return nil
      }
    }
  }

  /// Of a parameter that is the size, the schema must say that it is a number of at least 1.
  private func problem(of template: Template, at place: ManifestPath, in context: WorkflowContext) -> Problem? {
    guard let path = template.paths.first, path.root == .params, path.rest.count == 1, let name = path.firstMember,
      let schema = context.definition.parameters["properties"]?[name], schema["$ref"] == nil
    else { return nil }
    if schema["type"] == .string("integer"), let least = schema["minimum"]?.doubleValue, least >= 1 { return nil }
    if schema["type"] == .string("integer"), let least = schema["exclusiveMinimum"]?.doubleValue, least >= 0 { return nil }
    return context.problem(
      at: place, "parameter \"\(name)\" may be something else than a whole number of at least 1.",
      hint: "Write \"type\": \"integer\", \"minimum\": 1 in its schema.")
  }
}
