/// `items_of` names an earlier stage whose handler emits items.
struct FanOutSourceRule: ValidationRule {
  let id = "fan-out-source"

  func problems(in context: WorkflowContext) -> [Problem] {
    context.stages.enumerated().compactMap { position, stage in
      guard case .itemsOf(let name)? = stage.forEach?.source else { return nil }
      let place = context.path(position)["for_each"]["items_of"]
      guard let source = context.stage(name) else {
        return context.problem(at: place, "there is no stage \"\(name)\".", hint: context.stageHint(name))
      }
      if !context.stage(name, isBefore: position) {
        let message =
          name == stage.id
          ? "a stage cannot fan out over its own items." : "stage \"\(name)\" has not ended when this one begins."
        return context.problem(
          at: place, message,
          hint: name == stage.id ? "Name an earlier stage." : "Add \"\(name)\" to the needs of \"\(stage.id)\".")
      }
      if let handler = context.handlers?[source.handler], handler.itemSchema == nil {
        return context.problem(
          at: place, "stage \"\(name)\" emits no items: \(source.handler) has no item schema.",
          hint: "Name a stage whose handler emits items.")
      }
      return nil
    }
  }
}
