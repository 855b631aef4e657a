/// There are handlers, named `family.verb`, and what is set for them can be kept.
struct PluginHandlersRule: PluginRule {
  let id = "plugin-handlers"

  func problems(in manifest: PluginManifest, source: ManifestSource) -> [Problem] {
    let place = ManifestPath()["handlers"]
    if manifest.handlers.isEmpty {
      return [source.problem(at: place, "there is no handler.", hint: "Name every handler of the library, such as \"ingest.copy\": {}.")]
    }
    return manifest.handlers.flatMap { problems(of: $0, at: place[$0.name], source: source) }
  }

  private func problems(of handler: HandlerSettings, at place: ManifestPath, source: ManifestSource) -> [Problem] {
    var problems = handler.retry?.problems(at: place["retry"], source: source) ?? []
    func report(_ place: ManifestPath, _ message: String, _ hint: String) {
      problems.append(source.problem(at: place, message, hint: hint))
    }
    if !NameSyntax.isHandlerName(handler.name) {
      report(place, "\"\(handler.name)\" is not the name of a handler.", "Write FAMILY.VERB, such as ingest.copy.")
    }
    if let timeout = handler.timeout, timeout <= .zero {
      report(place["timeout"], "no task can end in no time.", "Write more than 0, or leave timeout out for the library's own.")
    }
    if let timeout = handler.queueTimeout, timeout <= .zero {
      report(place["queue_timeout"], "every task waits for a moment.", "Write more than 0, or leave queue_timeout out.")
    }
    if let timeout = handler.progressTimeout, timeout <= .zero {
      report(place["progress_timeout"], "no handler makes progress all the time.", "Write more than 0, or leave progress_timeout out.")
    }
    if let memory = handler.memory, memory < 1 << 20 {
      report(place["memory"], "no task can do with \(SizeText.text(of: memory)).", "Write 1MiB or more, or leave memory out.")
    }
    if let threads = handler.threads, threads < 1 {
      report(place["threads"], "no task can do with \(threads) threads.", "Write 1 or more, or leave threads out.")
    }
    return problems
  }
}
