public import Logging

/// Where a `Database` connects and how its connections behave.
public struct DatabaseConfiguration: Sendable {
  /// How session settings reach the server.
  public enum SettingsDelivery: Sendable, Hashable {
    /// With the connection's start (`options=`): no round trip, and kept by `RESET ALL`.
    case startup
    /// By `SET` after the connection stands. For poolers that refuse `options=` (PgBouncer 1.18 in session mode).
    case statements
    /// By `SET LOCAL` at the start of every transaction; a statement outside one gets one of its own. For PgBouncer in transaction
    /// mode, which refuses `options=` and lets a `SET` leak from client to client.
    case transactions
    /// Not at all: the login role carries them.
    case none
  }

  /// One setting of the session, such as `search_path` or `plan_cache_mode`.
  public struct Setting: Sendable, Hashable {
    public var name: String
    public var value: String
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A libpq conninfo string or a `postgresql://` URL.
  public var url: String
  /// Where to LISTEN and to renew leases when `url` leads to a pooler, straight to the server; nil: `url`.
  public var directURL: String?
  /// The most connections open at once; they are opened when first needed.
  public var poolSize: Int
  /// What `pg_stat_activity` shows, unless `url` names something else.
  public var applicationName: String
  /// Settings of every session, in this order.
  public var settings: [Setting]
  public var settingsDelivery: SettingsDelivery
  /// Whether statements are prepared by name and kept per connection. Off behind PgBouncer in transaction mode.
  public var preparedStatements: Bool
  /// The server gives up a statement that takes longer; nil leaves it to the server's own `statement_timeout`.
  public var statementTimeout: Duration?
  /// How long a caller waits for a free connection before `.poolExhausted`.
  public var poolTimeout: Duration
  /// How long one attempt to connect may take, unless `url` names `connect_timeout`.
  public var connectTimeout: Duration
  public var logger: Logger

  public init(
    url: String, directURL: String? = nil, poolSize: Int = 8, applicationName: String = "weir", settings: [Setting] = [],
    settingsDelivery: SettingsDelivery = .startup, preparedStatements: Bool = true,
    statementTimeout: Duration? = nil, poolTimeout: Duration = .seconds(30),
    connectTimeout: Duration = .seconds(10), logger: Logger = Logger(label: "weir.database")
  ) {
    self.url = url
    self.directURL = directURL
    self.poolSize = max(1, poolSize)
    self.applicationName = applicationName
    self.settings = settings
    self.settingsDelivery = settingsDelivery
    self.preparedStatements = preparedStatements
    self.statementTimeout = statementTimeout
    self.poolTimeout = poolTimeout
    self.connectTimeout = connectTimeout
    self.logger = logger
  }

  /// For PgBouncer in transaction mode: nothing is left in a session, neither settings nor named statements.
  public mutating func behindTransactionPooler() {
    settingsDelivery = .transactions
    preparedStatements = false
  }

  /// The same, for sessions that last: past a pooler in transaction mode when there is a way, and through it otherwise.
  public var direct: DatabaseConfiguration {
    guard let directURL else { return self }
    var direct = self
    direct.url = directURL
    if settingsDelivery == .transactions { (direct.settingsDelivery, direct.preparedStatements) = (.startup, true) }
    return direct
  }

  /// Whether `url` and `directURL` leave a way to sessions that last: LISTEN needs one.
  public var canListen: Bool { settingsDelivery != .transactions || directURL != nil }

  /// `settings` with the statement timeout, as the session gets them.
  var sessionSettings: [Setting] {
    guard let statementTimeout else { return settings }
    return settings + [Setting("statement_timeout", String(max(1, statementTimeout.milliseconds)))]
  }
}

extension Duration {
  /// Whole milliseconds, rounded down.
  var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}
