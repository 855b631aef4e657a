struct PluginMetricsRule: PluginRule {
  let id = "plugin-metrics"

  func problems(in manifest: PluginManifest, source: ManifestSource) -> [Problem] {
    manifest.metrics.enumerated().compactMap { index, metric in
      let place = ManifestPath()["metrics"][index]["name"]
      if !NameSyntax.isName(metric.name) {
        return source.problem(at: place, "\"\(metric.name)\" is not the name of a metric.", hint: NameSyntax.nameHint)
      }
      if manifest.metrics[..<index].contains(where: { $0.name == metric.name }) {
        return source.problem(at: place, "\"\(metric.name)\" is there twice.", hint: "Keep one.")
      }
      return nil
    }
  }
}
