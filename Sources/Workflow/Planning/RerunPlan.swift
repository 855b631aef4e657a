/// Says which stages of an earlier job a rerun takes over, with their results and items. Decides only.
public enum RerunPlan {
  /// Why a rerun cannot begin where it was asked to.
  public enum Refusal: Error, Equatable {
    case noStage(known: [String])
    /// A stage before it has nothing to give: `state` is nil when the earlier job has no such stage.
    case notEnded(stage: String, state: StageState?)
  }

  /// What is before `first` is taken over as it ended; `first` and what is behind it runs anew. Other branches are taken over
  /// where they completed or were skipped, and all that they need with them.
  /// - Parameters:
  ///   - first: nil: everything runs anew.
  ///   - ended: the stages of the earlier job, by id.
  public static func reused(
    of workflow: WorkflowDefinition, from first: String?, ended: [String: StageState]
  ) throws(Refusal) -> Set<String> {
    guard let first else { return [] }
    guard workflow.stage(first) != nil else { throw .noStage(known: workflow.stages.map(\.id)) }
    let before = workflow.stages(before: first)
    for stage in workflow.stages where before.contains(stage.id) && !isUsable(ended[stage.id]) {
      throw .notEnded(stage: stage.id, state: ended[stage.id])
    }
    let anew = workflow.stages(behind: [first]).union([first])
    var reused: Set<String> = []
    var hasGrown = true
    while hasGrown {
      hasGrown = false
      for stage in workflow.stages where !anew.contains(stage.id) && !reused.contains(stage.id) && isUsable(ended[stage.id]) {
        guard stage.needs.allSatisfy(reused.contains) else { continue }
        reused.insert(stage.id)
        hasGrown = true
      }
    }
    return reused
  }

  private static func isUsable(_ state: StageState?) -> Bool { state == .completed || state == .skipped }
}
