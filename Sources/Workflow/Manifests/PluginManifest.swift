/// What an operator says of a plugin: which library it is, what its handlers may use and how they are run.
public struct PluginManifest: Sendable, Hashable {
  public var id: String
  /// Semantic version; the library must say the same.
  public var version: String
  /// Major version of the handler ABI.
  public var abi: Int
  /// A bare name: `Ingest` is the file `libIngest.so`. `LibrarySearch` says where it may lie.
  public var library: String
  public var title: String?
  public var description: String?
  /// A JSON object that the library is given when it is opened.
  public var config: JSON
  public var handlers: [HandlerSettings]
  public var grants: Grants
  public var metrics: [MetricDeclaration]

  public init(
    id: String, version: String, abi: Int = 1, library: String, title: String? = nil, description: String? = nil,
    config: JSON = .object(JSONObject()), handlers: [HandlerSettings], grants: Grants = Grants(),
    metrics: [MetricDeclaration] = []
  ) {
    self.id = id
    self.version = version
    self.abi = abi
    self.library = library
    self.title = title
    self.description = description
    self.config = config
    self.handlers = handlers
    self.grants = grants
    self.metrics = metrics
  }

  public func handler(_ name: String) -> HandlerSettings? { handlers.first { $0.name == name } }

  /// As a manifest has it, members in the order of the schema.
  public var json: JSON {
    var object = JSONObject([
      ("id", .string(id)), ("version", .string(version)), ("abi", .number(JSONNumber(abi))), ("library", .string(library)),
    ])
    if let title { object.append("title", .string(title)) }
    if let description { object.append("description", .string(description)) }
    if config.objectValue?.members.isEmpty == false { object.append("config", config) }
    object.append("handlers", .object(JSONObject(handlers.map { ($0.name, $0.json) })))
    if grants != Grants() { object.append("grants", grants.json) }
    if !metrics.isEmpty { object.append("metrics", .array(metrics.map(\.json))) }
    return .object(object)
  }
}
