struct StageIDRule: ValidationRule {
  let id = "stage-id"

  func problems(in context: WorkflowContext) -> [Problem] {
    context.stages.enumerated().compactMap { position, stage in
      let place = context.path(position)["id"]
      if !NameSyntax.isName(stage.id) {
        return context.problem(at: place, "\"\(stage.id)\" is not the id of a stage.", hint: NameSyntax.nameHint)
      }
      if let first = context.position(of: stage.id), first != position {
        return context.problem(
          at: place, "\"\(stage.id)\" is the id of \(context.path(first)) already.", hint: "Give every stage its own id.")
      }
      return nil
    }
  }
}
