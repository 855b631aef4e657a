struct WorkflowNameRule: ValidationRule {
  let id = "workflow-name"

  func problems(in context: WorkflowContext) -> [Problem] {
    let name = context.definition.name
    if NameSyntax.isName(name) { return [] }
    return [
      context.problem(
        at: ManifestPath()["name"], "\"\(name)\" is not the name of a workflow.", hint: NameSyntax.nameHint)
    ]
  }
}
