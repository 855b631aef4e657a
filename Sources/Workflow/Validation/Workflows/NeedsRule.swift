struct NeedsRule: ValidationRule {
  let id = "needs"

  func problems(in context: WorkflowContext) -> [Problem] {
    context.stages.indices.flatMap { problems(of: $0, in: context) }
  }

  private func problems(of position: Int, in context: WorkflowContext) -> [Problem] {
    var seen: Set<String> = []
    return context.stages[position].needs.enumerated().compactMap { index, need in
      let isFirst = seen.insert(need).inserted
      if isFirst, context.position(of: need) != nil { return nil }
      let place = context.path(position)["needs"][index]
      return isFirst
        ? context.problem(at: place, "there is no stage \"\(need)\".", hint: context.stageHint(need))
        : context.problem(at: place, "\"\(need)\" is there twice.", hint: "Keep one.")
    }
  }
}

extension WorkflowContext {
  /// What to write instead of the id of a stage that is not there.
  func stageHint(_ id: String) -> String { Suggestion.hint("The stages are", stageIDs, for: id) }
}
