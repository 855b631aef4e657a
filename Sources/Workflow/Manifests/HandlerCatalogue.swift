/// The handlers that workflows may use: what the libraries of all plugins say of themselves.
public struct HandlerCatalogue: Sendable {
  public let plugins: [PluginDescription]
  /// What is known of their handlers is what their manifests name.
  public let unavailable: [UnavailablePlugin]
  private let byName: [String: HandlerDescription]

  /// Of a handler that is there in several versions, the newest is taken.
  public init(plugins: [PluginDescription], unavailable: [UnavailablePlugin] = []) {
    func version(_ handler: HandlerDescription) -> SemanticVersion? { SemanticVersion(handler.version) }
    self.plugins = plugins
    self.unavailable = unavailable
    self.byName = Dictionary(plugins.flatMap(\.handlers).map { ($0.name, $0) }) { one, other in
      guard let left = version(one), let right = version(other) else { return one }
      return left < right ? other : one
    }
  }

  public subscript(name: String) -> HandlerDescription? { byName[name] }

  /// In the order of the alphabet.
  public var names: [String] { byName.keys.sorted() }
}
