/// What the operator lets a plugin's handlers use, by service; a service that is nil is refused.
///
/// `weir.log/1`, `weir.progress/1`, `weir.metric/1`, `weir.cancel/1` and `weir.checkpoint/1` need no grant.
public struct Grants: Sendable, Hashable {
  /// `weir.storage/1`: containers. Who may write to one may read it as well.
  public struct Storage: Sendable, Hashable {
    public var read: [NamePattern]
    public var write: [NamePattern]

    public init(read: [NamePattern] = [], write: [NamePattern] = []) {
      self.read = read
      self.write = write
    }

    public func allowsReading(_ container: String) -> Bool { read.match(container) || write.match(container) }
    public func allowsWriting(_ container: String) -> Bool { write.match(container) }
  }

  /// `weir.stac/1`: collections that may be written.
  public struct STAC: Sendable, Hashable {
    public var collections: [NamePattern]

    public init(collections: [NamePattern] = []) { self.collections = collections }
  }

  /// `weir.http/1`: hosts that may be asked, and names of credentials that may be sent to them.
  public struct HTTP: Sendable, Hashable {
    public var hosts: [NamePattern]
    public var credentials: [String]

    public init(hosts: [NamePattern] = [], credentials: [String] = []) {
      self.hosts = hosts
      self.credentials = credentials
    }
  }

  /// `weir.sql/1`: names of databases from the configuration.
  public struct SQL: Sendable, Hashable {
    public var databases: [String]

    public init(databases: [String] = []) { self.databases = databases }
  }

  public var storage: Storage?
  public var stac: STAC?
  public var http: HTTP?
  public var sql: SQL?

  public init(storage: Storage? = nil, stac: STAC? = nil, http: HTTP? = nil, sql: SQL? = nil) {
    self.storage = storage
    self.stac = stac
    self.http = http
    self.sql = sql
  }

  /// The services that a handler gets when it declares them.
  public static let freeServices = [
    "weir.log/1", "weir.progress/1", "weir.metric/1", "weir.cancel/1", "weir.checkpoint/1",
  ]
  /// The services that an operator must grant.
  public static let grantedServices = ["weir.storage/1", "weir.stac/1", "weir.sql/1", "weir.http/1"]

  /// Whether a handler that declares the service gets it.
  public func allow(service id: String) -> Bool {
    switch id {
    case "weir.storage/1": storage != nil
    case "weir.stac/1": stac != nil
    case "weir.http/1": http != nil
    case "weir.sql/1": sql != nil
    default: Grants.freeServices.contains(id)
    }
  }

  public var json: JSON {
    func names(_ patterns: [NamePattern]) -> JSON { .array(patterns.map { .string($0.text) }) }
    func names(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
    var object = JSONObject()
    if let storage {
      object.append(
        "weir.storage/1", .object(JSONObject([("read", names(storage.read)), ("write", names(storage.write))])))
    }
    if let stac { object.append("weir.stac/1", .object(JSONObject([("collections", names(stac.collections))]))) }
    if let http {
      object.append(
        "weir.http/1", .object(JSONObject([("hosts", names(http.hosts)), ("credentials", names(http.credentials))])))
    }
    if let sql { object.append("weir.sql/1", .object(JSONObject([("databases", names(sql.databases))]))) }
    return .object(object)
  }
}
