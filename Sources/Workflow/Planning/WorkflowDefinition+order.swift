extension WorkflowDefinition {
  /// The stages that need one of these, directly or through others; not these themselves, unless they do.
  public func stages(behind ids: Set<String>) -> Set<String> {
    var behind: Set<String> = []
    var hasGrown = true
    while hasGrown {
      hasGrown = false
      for stage in stages where !behind.contains(stage.id) {
        guard stage.needs.contains(where: { ids.contains($0) || behind.contains($0) }) else { continue }
        behind.insert(stage.id)
        hasGrown = true
      }
    }
    return behind
  }

  /// The stages that one needs, directly or through others.
  public func stages(before id: String) -> Set<String> {
    var before: Set<String> = []
    var rest = stage(id)?.needs ?? []
    while let next = rest.popLast() {
      if before.insert(next).inserted { rest += stage(next)?.needs ?? [] }
    }
    return before
  }
}
