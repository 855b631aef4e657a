struct TimeoutRule: ValidationRule {
  let id = "timeout"

  func problems(in context: WorkflowContext) -> [Problem] {
    let stages = context.stages.enumerated().flatMap { position, stage in
      [
        ("timeout", stage.timeout, "no task can end in no time.", "Write more than 0, or leave timeout out for the handler's own."),
        (
          "queue_timeout", stage.queueTimeout, "every task waits for a moment.",
          "Write more than 0, or leave queue_timeout out for the handler's own."
        ),
        (
          "progress_timeout", stage.progressTimeout, "no handler makes progress all the time.",
          "Write more than 0, or leave progress_timeout out for the handler's own."
        ),
      ].compactMap { key, limit, message, hint -> Problem? in
        guard let limit, limit <= .zero else { return nil }
        return context.problem(at: context.path(position)[key], message, hint: hint)
      }
    }
    guard let deadline = context.definition.deadline, deadline <= .zero else { return stages }
    let problem = context.problem(
      at: ManifestPath()["deadline"], "no job can end in no time.", hint: "Write more than 0, or leave deadline out.")
    return [problem] + stages
  }
}
