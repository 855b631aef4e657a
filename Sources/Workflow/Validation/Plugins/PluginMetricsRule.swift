/// Each metric has a name of its own, and what it says of others and of handlers is there.
struct PluginMetricsRule: PluginRule {
  let id = "plugin-metrics"

  func problems(in manifest: PluginManifest, source: ManifestSource) -> [Problem] {
    manifest.metrics.enumerated().flatMap { index, metric in
      let place = ManifestPath()["metrics"][index]
      if !NameSyntax.isName(metric.name) {
        return [source.problem(at: place["name"], "\"\(metric.name)\" is not the name of a metric.", hint: NameSyntax.nameHint)]
      }
      if manifest.metrics[..<index].contains(where: { $0.name == metric.name }) {
        return [source.problem(at: place["name"], "\"\(metric.name)\" is there twice.", hint: "Keep one.")]
      }
      return [bar(metric, in: manifest, at: place["of"], source), live(metric, in: manifest, at: place["live"], source)].compactMap { $0 }
        + (metric.hasRate && metric.aggregate != .sum
          ? [source.problem(at: place["rate"], "only a sum has a rate.", hint: "Leave rate out, or aggregate by sum.")] : [])
    }
  }

  private func bar(_ metric: MetricDeclaration, in manifest: PluginManifest, at place: ManifestPath, _ source: ManifestSource) -> Problem? {
    guard let of = metric.of else { return nil }
    guard let total = manifest.metrics.first(where: { $0.name == of }), of != metric.name else {
      return source.problem(
        at: place, "there is no other metric \"\(of)\".",
        hint: Suggestion.hint("Metrics are", manifest.metrics.map(\.name).filter { $0 != metric.name }, for: of))
    }
    guard metric.aggregate == .sum, total.aggregate == .sum else {
      return source.problem(at: place, "a bar is made of two sums.", hint: "Aggregate both by sum, or leave of out.")
    }
    return nil
  }

  private func live(_ metric: MetricDeclaration, in manifest: PluginManifest, at place: ManifestPath, _ source: ManifestSource) -> Problem?
  {
    guard let live = metric.live else { return nil }
    guard manifest.handler(live) != nil else {
      return source.problem(
        at: place, "there is no handler \"\(live)\".", hint: Suggestion.hint("Handlers are", manifest.handlers.map(\.name), for: live))
    }
    guard metric.aggregate == .sum else {
      return source.problem(at: place, "progress is added to sums only.", hint: "Leave live out, or aggregate by sum.")
    }
    return nil
  }
}
