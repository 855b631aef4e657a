struct MaxParallelRule: ValidationRule {
  let id = "max-parallel"

  func problems(in context: WorkflowContext) -> [Problem] {
    context.stages.enumerated().compactMap { position, stage in
      guard let most = stage.maxParallel else { return nil }
      let place = context.path(position)["max_parallel"]
      if most < 1 {
        return context.problem(
          at: place, "\(most) tasks at a time would never end.", hint: "Write 1 or more, or leave max_parallel out.")
      }
      if stage.forEach == nil {
        return context.problem(
          at: place, "this stage has one task.", hint: "Add for_each to \"\(stage.id)\", or leave max_parallel out.")
      }
      return nil
    }
  }
}
