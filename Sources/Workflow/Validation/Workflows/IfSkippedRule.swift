/// `"if_skipped": "run"` stands only where a stage before can be skipped.
struct IfSkippedRule: ValidationRule {
  let id = "if-skipped"

  func problems(in context: WorkflowContext) -> [Problem] {
    context.stages.enumerated().compactMap { position, stage in
      guard stage.ifSkipped == .run, !context.ancestors(of: position).contains(where: { $0.when != nil }) else { return nil }
      let message = stage.needs.isEmpty ? "this stage needs no other." : "no stage that this one needs can be skipped."
      return context.problem(
        at: context.path(position)["if_skipped"], message, hint: "Leave if_skipped out, or give a stage before it a when.")
    }
  }
}
