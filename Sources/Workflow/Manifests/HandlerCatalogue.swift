/// The handlers that workflows may use: what the libraries of all plugins say of themselves.
public struct HandlerCatalogue: Sendable {
  public let plugins: [PluginDescription]
  private let byName: [String: HandlerDescription]

  /// Of a handler that is there in several versions, the newest is taken.
  public init(plugins: [PluginDescription]) {
    func version(_ handler: HandlerDescription) -> SemanticVersion? { SemanticVersion(handler.version) }
    self.plugins = plugins
    self.byName = Dictionary(plugins.flatMap(\.handlers).map { ($0.name, $0) }) { one, other in
      guard let left = version(one), let right = version(other) else { return one }
      return left < right ? other : one
    }
  }

  public subscript(name: String) -> HandlerDescription? { byName[name] }

  /// In the order of the alphabet.
  public var names: [String] { byName.keys.sorted() }
}
