/// `item`, `items` and `index` are read where there are any.
struct ItemReachRule: ValidationRule {
  let id = "item-reach"

  func problems(in context: WorkflowContext) -> [Problem] {
    context.stages.indices.flatMap { position in
      context.slots(of: position).compactMap { slot in
        guard let (message, hint) = fault(of: slot.path, isForStage: slot.isForStage, in: context.stages[position]) else {
          return nil
        }
        return context.problem(at: slot.place, "\"${\(slot.path)}\": \(message)", hint: hint)
      }
    }
  }

  private func fault(
    of path: ExpressionPath, isForStage: Bool, in stage: StageDefinition
  ) -> (message: String, hint: String)? {
    guard [.item, .items, .index].contains(path.root) else { return nil }
    if isForStage {
      return (
        "\(path.root.rawValue) belongs to a task, and this is decided before there are tasks.",
        "Read params, stages or job here."
      )
    }
    guard let fanOut = stage.forEach else {
      return ("this stage has no for_each.", "Add for_each to \"\(stage.id)\", or read something else.")
    }
    switch (path.root, fanOut.batch) {
    case (.item, _?): return ("this stage has batches.", "Write ${items}, an array, or take batch out of for_each.")
    case (.items, nil): return ("this stage has no batches.", "Write ${item}, or add batch to for_each.")
    default: return nil
    }
  }
}
