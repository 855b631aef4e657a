struct StageCountRule: ValidationRule {
  static let most = 1000

  let id = "stage-count"

  func problems(in context: WorkflowContext) -> [Problem] {
    let place = ManifestPath()["stages"]
    switch context.stages.count {
    case 0: return [context.problem(at: place, "there is no stage.", hint: "A workflow has at least one.")]
    case ...Self.most: return []
    case let count:
      return [
        context.problem(
          at: place, "there are \(count) stages.",
          hint: "A workflow has at most \(Self.most); let a stage fan out with for_each. Nothing else was looked at.")
      ]
    }
  }
}
