/// Expressions read only stages that have ended, and of them what they leave.
struct StageReachRule: ValidationRule {
  let id = "stage-reach"

  func problems(in context: WorkflowContext) -> [Problem] {
    context.stages.indices.flatMap { position in
      context.slots(of: position).compactMap { slot in
        guard let name = slot.path.stage else { return nil }
        let (message, hint) = fault(of: slot.path, stage: name, at: position, in: context) ?? ("", "")
        return message.isEmpty ? nil : context.problem(at: slot.place, "\"${\(slot.path)}\": \(message)", hint: hint)
      }
    }
  }

  private func fault(
    of path: ExpressionPath, stage name: String, at position: Int, in context: WorkflowContext
  ) -> (message: String, hint: String)? {
    guard let stage = context.stage(name) else { return ("there is no stage \"\(name)\".", context.stageHint(name)) }
    if name == context.stages[position].id { return ("a stage cannot read what it leaves itself.", "Name an earlier stage.") }
    if !context.stage(name, isBefore: position) {
      return (
        "stage \"\(name)\" has not ended when this one begins.",
        "Add \"\(name)\" to the needs of \"\(context.stages[position].id)\"."
      )
    }
    guard path.rest.count > 1, case .member(let part) = path.rest[1] else { return nil }
    return part == "totals" ? faultInTotals(of: stage, path) : faultInResult(of: stage, path, in: context)
  }

  private func faultInTotals(of stage: StageDefinition, _ path: ExpressionPath) -> (message: String, hint: String)? {
    guard path.rest.count > 2 else { return nil }
    let known = stage.totals.keys.sorted() + StageDefinition.ownTotals
    guard case .member(let name) = path.rest[2], !known.contains(name) else { return nil }
    return ("stage \"\(stage.id)\" has no total \"\(name)\".", Suggestion.hint("It has", known, for: name))
  }

  private func faultInResult(
    of stage: StageDefinition, _ path: ExpressionPath, in context: WorkflowContext
  ) -> (message: String, hint: String)? {
    if stage.forEach != nil {
      return (
        "stage \"\(stage.id)\" has a result for each of its tasks, not one.",
        "Read its totals: ${stages.\(stage.id).totals.FIELD}."
      )
    }
    guard path.rest.count > 2, case .member(let name) = path.rest[2],
      let known = context.handlers?[stage.handler]?.resultSchema?.closedProperties, !known.contains(name)
    else { return nil }
    return (
      "the result of \(stage.handler) has no \"\(name)\".", Suggestion.hint("It has", known, for: name)
    )
  }
}
