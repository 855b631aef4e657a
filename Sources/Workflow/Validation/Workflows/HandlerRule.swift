struct HandlerRule: ValidationRule {
  let id = "handler"

  func problems(in context: WorkflowContext) -> [Problem] {
    context.stages.enumerated().compactMap { position, stage in
      let place = context.path(position)["handler"]
      if !NameSyntax.isHandlerName(stage.handler) {
        return context.problem(
          at: place, "\"\(stage.handler)\" is not the name of a handler.", hint: "Write FAMILY.VERB, such as ingest.copy.")
      }
      guard let handlers = context.handlers, handlers[stage.handler] == nil else { return nil }
      // whoever has its library will do the stage
      guard !handlers.unavailable.contains(where: { $0.handlers.contains(stage.handler) }) else { return nil }
      let (message, hint) = handlers.missing(stage.handler)
      return context.problem(at: place, message, hint: hint)
    }
  }
}

extension HandlerCatalogue {
  /// What to say of a handler that no plugin has.
  fileprivate func missing(_ name: String) -> (message: String, hint: String) {
    let (family, verb) = HandlerDescription.parts(of: name)
    if let plugin = plugins.first(where: { $0.handlers.contains { $0.family == family } }) {
      let verbs = plugin.handlers.filter { $0.family == family }.map(\.verb)
      return (
        "plugin \"\(plugin.id)\" has no handler \"\(verb)\".", Suggestion.hint("It has", verbs, for: verb)
      )
    }
    if names.isEmpty { return ("no plugin has a handler \"\(name)\".", "No plugin is loaded.") }
    return ("no plugin has a handler \"\(name)\".", Suggestion.hint("There are", names, for: name))
  }
}
