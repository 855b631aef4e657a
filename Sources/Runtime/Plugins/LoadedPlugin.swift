import Runners
public import Workflow

/// A plugin whose library stands, says what its manifest says, and whose schemas compile.
public struct LoadedPlugin: Sendable {
  public var manifest: PluginManifest
  /// The library's absolute path.
  public var library: String
  /// SHA-256 of the library, hexadecimal.
  public var libraryHash: String
  public var description: PluginDescription
  public var handlers: [HostedHandler]
}
