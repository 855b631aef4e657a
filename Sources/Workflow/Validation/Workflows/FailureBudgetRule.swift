struct FailureBudgetRule: ValidationRule {
  let id = "failure-budget"

  func problems(in context: WorkflowContext) -> [Problem] {
    context.stages.enumerated().compactMap { position, stage in
      guard stage.failureBudget != nil, stage.forEach == nil else { return nil }
      return context.problem(
        at: context.path(position)["failure_budget"], "this stage has one task.",
        hint: "Add for_each to \"\(stage.id)\", or leave failure_budget out.")
    }
  }
}
