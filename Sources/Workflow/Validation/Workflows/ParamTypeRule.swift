/// What an expression gives a param is of a type that the handler takes, also when an optional parameter is not given.
struct ParamTypeRule: ValidationRule {
  let id = "param-type"

  func problems(in context: WorkflowContext) -> [Problem] {
    context.stages.enumerated().flatMap { position, stage -> [Problem] in
      guard let handler = context.handlers?[stage.handler] else { return [] }
      return stage.params.slots.compactMap { slot in
        guard slot.place.components.count == 1, case .member(let name) = slot.place.components[0],
          let taken = handler.paramsSchema["properties"]?[name]?.schemaTypes,
          let given = types(of: slot, in: context.definition.parameters)
        else { return nil }
        let others = given.subtracting(taken.contains("number") ? taken.union(["integer"]) : taken)
        guard !others.isEmpty else { return nil }
        return problem(of: slot, given: given, others: others, taken: taken, handler: handler, in: context, at: position)
      }
    }
  }

  /// Nil when any value may come.
  private func types(of slot: Template.Slot, in parameters: JSON) -> Set<String>? {
    if !slot.isWhole { return ["string"] }
    switch slot.path.root {
    case .items: return slot.path.rest.isEmpty ? ["array"] : nil
    case .index: return ["integer"]
    case .item, .stages, .job: return nil
    case .params:
      guard slot.path.rest.count == 1, let name = slot.path.firstMember, let schema = parameters["properties"]?[name],
        let types = schema.schemaTypes
      else { return nil }
      let isSure = schema["default"] != nil || parameters.requiredProperties.contains(name)
      return isSure ? types : types.union(["null"])
    }
  }

  private func problem(
    of slot: Template.Slot, given: Set<String>, others: Set<String>, taken: Set<String>, handler: HandlerDescription,
    in context: WorkflowContext, at position: Int
  ) -> Problem {
    let place = context.path(position)["params"] + slot.place
    let wanted = "\(handler.name) takes \(phrase(taken))"
    if others == ["null"], slot.path.root == .params {
      return context.problem(
        at: place, "\"${\(slot.path)}\": null when the parameter is not given, and \(wanted).",
        hint: "Give \"\(slot.path.firstMember ?? "")\" a default, or make it required.")
    }
    let subject = slot.isWhole ? "\"${\(slot.path)}\": \(phrase(given))" : "a string"
    return context.problem(at: place, "\(subject), and \(wanted).")
  }

  private func phrase(_ types: Set<String>) -> String {
    types.sorted().map { JSONKind(rawValue: $0)?.phrase ?? ($0 == "integer" ? "an integer" : "a \($0)") }.listed("or")
  }
}
