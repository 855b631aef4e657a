/// No stage needs itself, directly or through others.
struct CycleRule: ValidationRule {
  let id = "cycle"

  func problems(in context: WorkflowContext) -> [Problem] {
    var search = CycleSearch(context: context)
    return search.run()
  }
}

/// Walks from need to need; a stage that is met again while it is still on the way closes a circle.
private struct CycleSearch {
  let context: WorkflowContext
  private var way: [Int] = []
  private var isOnWay: [Bool]
  private var isDone: [Bool]
  private var problems: [Problem] = []

  init(context: WorkflowContext) {
    self.context = context
    self.isOnWay = [Bool](repeating: false, count: context.stages.count)
    self.isDone = isOnWay
  }

  mutating func run() -> [Problem] {
    for position in context.stages.indices { visit(position) }
    return problems
  }

  private mutating func visit(_ position: Int) {
    if isDone[position] { return }
    way.append(position)
    isOnWay[position] = true
    for (index, need) in context.stages[position].needs.enumerated() {
      guard let next = context.position(of: need) else { continue }
      if isOnWay[next] { report(closedBy: context.path(position)["needs"][index], at: next) } else { visit(next) }
    }
    isOnWay[position] = false
    isDone[position] = true
    way.removeLast()
  }

  private mutating func report(closedBy place: ManifestPath, at first: Int) {
    let circle = way[(way.firstIndex(of: first) ?? 0)...] + [first]
    let ids = circle.map { context.stages[$0].id }
    problems.append(
      context.problem(
        at: place, "the stages wait for each other: \(ids.joined(separator: " needs ")).",
        hint: "Take one of these needs away."))
  }
}
