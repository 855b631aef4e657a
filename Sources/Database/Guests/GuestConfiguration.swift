public import Logging

/// A database on which handlers run statements of their own, and how.
public struct GuestConfiguration: Sendable {
  /// The operator's name for it.
  public var name: String
  /// A libpq conninfo string or a `postgresql://` URL. Its user is the restricted role, or may do nothing but become it.
  public var url: String
  /// The role of every session; nil: the URL's user.
  public var role: String?
  /// The most sessions at a time.
  public var connections: Int
  public var logger: Logger

  public init(
    name: String, url: String, role: String? = nil, connections: Int = 8, logger: Logger = Logger(label: "weir.guests")
  ) {
    self.name = name
    self.url = url
    self.role = role
    self.connections = max(1, connections)
    self.logger = logger
  }

  /// How each connection starts. What is set here stands above what a role sets for itself (`ALTER ROLE ... SET`), and is
  /// what `DISCARD ALL` goes back to.
  var connection: DatabaseConfiguration {
    DatabaseConfiguration(
      url: url, poolSize: connections, applicationName: "weir handlers",
      settings: [
        .init("datestyle", "ISO, MDY"), .init("intervalstyle", "postgres"), .init("bytea_output", "hex"),
        .init("extra_float_digits", "1"), .init("timezone", "UTC"), .init("standard_conforming_strings", "on"),
        .init("client_min_messages", "warning"), .init("statement_timeout", "0"),
        .init("default_transaction_isolation", "read committed"), .init("default_transaction_read_only", "off"),
        // a statement whose host died without a word ends too
        .init("client_connection_check_interval", "10s"),
      ],
      preparedStatements: false, logger: logger)
  }
}
