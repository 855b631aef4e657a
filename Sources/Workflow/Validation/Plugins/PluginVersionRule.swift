struct PluginVersionRule: PluginRule {
  let id = "plugin-version"

  func problems(in manifest: PluginManifest, source: ManifestSource) -> [Problem] {
    if SemanticVersion(manifest.version) != nil { return [] }
    return [
      source.problem(
        at: ManifestPath()["version"], "\"\(manifest.version)\" is not a semantic version.",
        hint: "Write MAJOR.MINOR.PATCH, such as 1.4.2.")
    ]
  }
}
