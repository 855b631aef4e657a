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
