/// What a library says of itself when it is loaded.
public struct PluginDescription: Sendable, Hashable {
  public var id: String
  public var version: String
  /// `WEIR_MINOR` it was built with.
  public var minor: Int
  /// The oldest minor of a host it can live with.
  public var needsMinor: Int
  public var license: String?
  public var url: String?
  public var handlers: [HandlerDescription]

  public init(
    id: String, version: String, minor: Int = 0, needsMinor: Int = 0, license: String? = nil, url: String? = nil,
    handlers: [HandlerDescription]
  ) {
    self.id = id
    self.version = version
    self.minor = minor
    self.needsMinor = needsMinor
    self.license = license
    self.url = url
    self.handlers = handlers
  }

  public func handler(_ name: String) -> HandlerDescription? { handlers.first { $0.name == name } }

  /// As the frame READY has it.
  public init(json: JSON) throws(DescriptionError) {
    let path = ManifestPath()
    let reader = DescriptionReader(json: json, path: path)
    var handlers: [HandlerDescription] = []
    for (index, element) in (json["handlers"]?.arrayValue ?? []).enumerated() {
      handlers.append(try HandlerDescription(json: element, at: path["handlers"][index]))
    }
    self.init(
      id: try reader.required("id"), version: try reader.required("version"), minor: try reader.integer("minor") ?? 0,
      needsMinor: try reader.integer("needs_minor") ?? 0, license: try reader.string("license"),
      url: try reader.string("url"), handlers: handlers)
  }

  public var json: JSON {
    [
      "id": .string(id), "version": .string(version), "minor": JSON(minor), "needs_minor": JSON(needsMinor),
      "license": license.map { .string($0) } ?? .null, "url": url.map { .string($0) } ?? .null,
      "handlers": .array(handlers.map(\.json)),
    ]
  }
}
