/// A database that `weir.sql/1` offers to handlers.
public struct HandlerDatabase: Sendable, Hashable {
  /// A libpq URL or conninfo string, whose user is the restricted role or may do nothing but become it.
  public var url: String
  /// The role of every session; nil: the URL's user.
  public var role: String?
  /// Sessions at a time.
  public var connections: Int

  public init(url: String, role: String? = nil, connections: Int = 8) {
    self.url = url
    self.role = role
    self.connections = connections
  }

  static let expected =
    "an object of databases by name, each a postgresql:// URL or {\"url\", \"role\", \"connections\"}"

  /// A URL, or an object with it; nil for anything else.
  init?(_ json: JSON) {
    if let url = json.stringValue, !url.isEmpty {
      self.init(url: url)
      return
    }
    guard let object = json.objectValue, let url = object["url"]?.stringValue, !url.isEmpty else { return nil }
    self.init(url: url)
    for (key, value) in object.members {
      switch key {
      case "url": continue
      case "role":
        guard let role = value.stringValue, !role.isEmpty else { return nil }
        self.role = role
      case "connections":
        guard let count = value.intValue, (1...100).contains(count) else { return nil }
        connections = count
      default: return nil
      }
    }
  }

  /// Nil for what is no object of databases.
  static func all(_ text: String) -> [String: HandlerDatabase]? {
    guard let object = try? JSON(parsing: text).objectValue else { return nil }  // the caller says what was expected
    var databases: [String: HandlerDatabase] = [:]
    for (name, value) in object.members {
      guard NamePattern(name) != nil, !name.contains("*"), let database = HandlerDatabase(value) else { return nil }
      databases[name] = database
    }
    return databases
  }
}
