struct PluginABIRule: PluginRule {
  let id = "plugin-abi"

  func problems(in manifest: PluginManifest, source: ManifestSource) -> [Problem] {
    if manifest.abi == 1 { return [] }
    return [
      source.problem(
        at: ManifestPath()["abi"], "this weir speaks version 1 of the handler ABI, not \(manifest.abi).",
        hint: "Write 1 and build the library against Sources/HandlerABI/include/weir/handler.h, or update weir.")
    ]
  }
}
