import Database
import Engine
import Logging
import Workflow

/// The database that the configuration names, or the private cluster.
struct DatabaseOpening {
  let database: Database
  /// The same server, as pgSTAC wants its sessions.
  let registry: Database
  let cluster: Cluster?

  /// Starts the private cluster when no URL is configured.
  init(_ configuration: HostConfiguration, logger: Logger) throws {
    var url = configuration.databaseURL
    if url == nil {
      let cluster = Cluster(folder: configuration.folder, configuration: ClusterConfiguration(logger: logger))
      url = try cluster.start()
      self.cluster = cluster
    } else {
      cluster = nil
    }
    var sessions = DatabaseConfiguration(
      url: url ?? "", directURL: configuration.databaseListenURL, poolSize: configuration.databaseConnections,
      settings: Engine.settings, logger: logger)
    if configuration.databasePooling == "transaction" { sessions.behindTransactionPooler() }
    database = Database(sessions)
    sessions.settings = Stac.settings
    registry = Database(sessions)
  }

  /// What `weir.sql/1` offers: the configured databases and, in the private cluster, schema `geo` under its own role.
  /// - Precondition: the database is installed.
  func handlerDatabases(_ configuration: HostConfiguration, logger: Logger) throws -> [GuestConfiguration] {
    var guests = Self.configuredDatabases(configuration, logger: logger)
    if let cluster, configuration.databases[GuestRole.geo.schema] == nil {
      let role = GuestRole.geo
      try role.ensure(in: database)
      let url = cluster.url(database: "weir", user: role.name) ?? ""
      guests.append(GuestConfiguration(name: role.schema, url: url, logger: logger))
    }
    return guests
  }

  static func configuredDatabases(_ configuration: HostConfiguration, logger: Logger) -> [GuestConfiguration] {
    configuration.databases.sorted { $0.key < $1.key }.map { name, database in
      GuestConfiguration(name: name, url: database.url, role: database.role, connections: database.connections, logger: logger)
    }
  }

  func close() {
    database.close()
    registry.close()
    cluster?.stop()
  }

  /// Opens the configured database for one command.
  static func with(_ body: (Database) throws -> Void) throws {
    let (configuration, _) = try LoadedConfiguration.read()
    let opening = try DatabaseOpening(configuration, logger: HostLog.logger(configuration))
    defer { opening.close() }
    try body(opening.database)
  }
}
