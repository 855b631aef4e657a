struct TimeoutRule: ValidationRule {
  let id = "timeout"

  func problems(in context: WorkflowContext) -> [Problem] {
    context.stages.enumerated().compactMap { position, stage in
      guard let timeout = stage.timeout, timeout <= .zero else { return nil }
      return context.problem(
        at: context.path(position)["timeout"], "no task can end in no time.",
        hint: "Write more than 0, or leave timeout out for the handler's own.")
    }
  }
}
