public import Workflow

/// What one runner loads: a handler library as the operator configured it.
///
/// Two builds with equal values share warm runners; another hash, configuration or sandbox means other runners.
public struct RunnerBuild: Sendable, Hashable {
  /// The plugin's id, as messages name it.
  public var plugin: String
  /// The library's absolute path.
  public var library: String
  /// The library's SHA-256, in hexadecimal.
  public var sha256: String
  /// The JSON object that the operator wrote for this plugin.
  public var configuration: RawJSON
  /// Paths that the plugin may read besides the library's folder, the system's and its scratch.
  public var readable: [String]
  /// The plugin may open TCP connections of its own.
  public var mayConnect: Bool
  /// RLIMIT_AS of its runners, a backstop behind the tasks' own limits; 0: none.
  public var addressSpaceMB: Int

  public init(
    plugin: String, library: String, sha256: String, configuration: RawJSON? = nil, readable: [String] = [],
    mayConnect: Bool = false, addressSpaceMB: Int = 0
  ) {
    self.plugin = plugin
    self.library = library
    self.sha256 = sha256
    self.configuration = configuration ?? RawJSON(unchecked: Array("{}".utf8)[...])
    self.readable = readable
    self.mayConnect = mayConnect
    self.addressSpaceMB = addressSpaceMB
  }
}
