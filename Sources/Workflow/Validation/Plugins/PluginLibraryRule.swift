/// The library is a bare name: an operator decides by folders where libraries come from, not a manifest.
struct PluginLibraryRule: PluginRule {
  let id = "plugin-library"

  func problems(in manifest: PluginManifest, source: ManifestSource) -> [Problem] {
    let name = manifest.library
    let place = ManifestPath()["library"]
    let base = name.split(separator: "/").last.map(String.init) ?? ""
    let isFile = base.hasPrefix("lib") && base.hasSuffix(".so")
    let bare = isFile ? String(base.dropFirst(3).dropLast(3)) : base
    if name.contains("/") {
      return [
        source.problem(
          at: place, "\"\(name)\" is a path.",
          hint: "Write the bare name\(bare.isEmpty ? "" : " \"\(bare)\""): it is sought beside the manifest, in WEIR_PLUGIN_PATH, "
            + "then beside the program.")
      ]
    }
    if isFile {
      return [source.problem(at: place, "\"\(name)\" is the name of a file.", hint: "Write the bare name \"\(bare)\".")]
    }
    if NamePattern(name) == nil || name.contains("*") || name.hasPrefix(".") {
      return [
        source.problem(
          at: place, "\"\(name)\" is not the name of a library.",
          hint: "Write letters, digits, \"_\", \"-\" and \".\", such as \"Ingest\" for libIngest.so.")
      ]
    }
    return []
  }
}
