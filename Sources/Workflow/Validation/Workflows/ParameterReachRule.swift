/// Expressions read only parameters that the workflow has.
struct ParameterReachRule: ValidationRule {
  let id = "parameter-reach"

  func problems(in context: WorkflowContext) -> [Problem] {
    let parameters = context.definition.parameters
    let isOpen = ["patternProperties", "$ref", "allOf", "anyOf", "oneOf", "if"].contains { parameters[$0] != nil }
    if isOpen || ![nil, .bool(false)].contains(parameters["additionalProperties"]) { return [] }
    let known = parameters.schemaProperties
    return context.stages.indices.flatMap { position in
      context.slots(of: position).compactMap { slot in
        guard slot.path.root == .params, let name = slot.path.firstMember, !known.contains(name) else { return nil }
        let hint =
          known.isEmpty
          ? "The workflow has none; declare it under parameters.properties." : Suggestion.hint("There are", known, for: name)
        return context.problem(at: slot.place, "\"${\(slot.path)}\": there is no parameter \"\(name)\".", hint: hint)
      }
    }
  }
}
