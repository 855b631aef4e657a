struct PluginNameRule: PluginRule {
  let id = "plugin-name"

  func problems(in manifest: PluginManifest, source: ManifestSource) -> [Problem] {
    if NameSyntax.isPluginID(manifest.id) { return [] }
    return [
      source.problem(
        at: ManifestPath()["id"], "\"\(manifest.id)\" is not the id of a plugin.",
        hint: "Write names of small letters, digits, \"_\" and \"-\", with \".\" between them, such as org.example.raster.")
    ]
  }
}
