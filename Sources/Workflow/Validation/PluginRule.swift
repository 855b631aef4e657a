/// One thing that every plugin's manifest must keep.
public protocol PluginRule: Sendable {
  /// `plugin-handlers`: also the folder of its golden cases.
  var id: String { get }
  func problems(in manifest: PluginManifest, source: ManifestSource) -> [Problem]
}
