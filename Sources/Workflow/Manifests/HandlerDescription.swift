/// What a library says of one of its handlers.
public struct HandlerDescription: Sendable, Hashable {
  /// `family.verb`.
  public var name: String
  public var version: String
  /// Twice with one task id equals once: tried again also when its process died.
  public var isIdempotent: Bool
  /// The result depends on the params only.
  public var isPure: Bool
  public var title: String?
  public var description: String?
  public var paramsSchema: JSON
  /// Nil: any result.
  public var resultSchema: JSON?
  /// Nil: emits no items.
  public var itemSchema: JSON?
  /// Ids of the services that it cannot run without.
  public var services: [String]
  /// Ids of the services that it uses when they are granted.
  public var optional: [String]
  /// Nil: the host's.
  public var timeout: Duration?
  /// Mebibytes; nil: the host's.
  public var memoryMB: Int?
  public var hasCheck: Bool

  public init(
    name: String, version: String = "1.0.0", isIdempotent: Bool = false, isPure: Bool = false, title: String? = nil,
    description: String? = nil, paramsSchema: JSON = .object(JSONObject()), resultSchema: JSON? = nil,
    itemSchema: JSON? = nil, services: [String] = [], optional: [String] = [], timeout: Duration? = nil,
    memoryMB: Int? = nil, hasCheck: Bool = false
  ) {
    self.name = name
    self.version = version
    self.isIdempotent = isIdempotent
    self.isPure = isPure
    self.title = title
    self.description = description
    self.paramsSchema = paramsSchema
    self.resultSchema = resultSchema
    self.itemSchema = itemSchema
    self.services = services
    self.optional = optional
    self.timeout = timeout
    self.memoryMB = memoryMB
    self.hasCheck = hasCheck
  }

  /// The part of the name before the last dot; empty when there is none.
  public var family: String { Self.parts(of: name).family }
  /// The part of the name after the last dot.
  public var verb: String { Self.parts(of: name).verb }

  static func parts(of name: String) -> (family: String, verb: String) {
    guard let dot = name.lastIndex(of: ".") else { return ("", name) }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
  }
}
