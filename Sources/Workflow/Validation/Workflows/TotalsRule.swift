/// Totals do not hide those that every stage has, and are of members that the results have.
struct TotalsRule: ValidationRule {
  let id = "totals"

  func problems(in context: WorkflowContext) -> [Problem] {
    context.stages.enumerated().flatMap { position, stage in
      stage.totals.keys.sorted().compactMap { name in
        let place = context.path(position)["totals"][name]
        if StageDefinition.ownTotals.contains(name) {
          return context.problem(
            at: place, "every stage has the total \"\(name)\" by itself.", hint: "Leave it out, or give the member another name.")
        }
        guard let known = context.handlers?[stage.handler]?.resultSchema?.closedProperties, !known.contains(name) else {
          return nil
        }
        return context.problem(
          at: place, "the result of \(stage.handler) has no \"\(name)\".",
          hint: known.isEmpty ? "It has no members." : Suggestion.hint("It has", known, for: name))
      }
    }
  }
}
