struct RetryRule: ValidationRule {
  let id = "retry"

  func problems(in context: WorkflowContext) -> [Problem] {
    context.stages.enumerated().flatMap { position, stage in
      stage.retry?.problems(at: context.path(position)["retry"], source: context.source) ?? []
    }
  }
}

extension RetryPolicy {
  static let mostAttempts = 1000

  /// The same for a stage and for a plugin's handler.
  func problems(at place: ManifestPath, source: ManifestSource) -> [Problem] {
    var problems: [Problem] = []
    if !(1...Self.mostAttempts).contains(attempts) {
      problems.append(
        source.problem(
          at: place["attempts"], "\(attempts) is not a number of attempts.",
          hint: "Write 1 to \(Self.mostAttempts); 1 means that nothing is tried again."))
    }
    if cap < backoff {
      problems.append(
        source.problem(
          at: place["cap"], "the cap of \(DurationText.text(of: cap)) is less than the backoff of \(DurationText.text(of: backoff)).",
          hint: "The wait begins with at most backoff and grows to at most cap."))
    }
    return problems
  }
}
