import Database
import Engine
import Foundation
import Logging

/// A private PostgreSQL as a host would start it, durable, in a folder of its own; each measurement has a new database.
final class BenchServer {
  private let cluster: Cluster
  private let administration: Database
  private var count = 0

  init(folder: String) throws {
    let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    cluster = Cluster(folder: folder, configuration: ClusterConfiguration(logger: logger))
    try cluster.remove()
    try cluster.start()
    administration = Database(DatabaseConfiguration(url: cluster.url(database: "postgres") ?? "", poolSize: 1, logger: logger))
    let template = Database(
      DatabaseConfiguration(url: cluster.url(database: "weir") ?? "", poolSize: 1, settings: Engine.settings, logger: logger))
    try Installation(template).install()
    template.close()
  }

  /// As the peers want it.
  var url: String { cluster.url(database: "postgres") ?? "" }

  var version: String {
    get throws { try administration.withConnection { try $0.query("SHOW server_version").one().string(0) } }
  }

  /// The URL of a new database with Weir's tables, for as long as `body` lasts.
  func withDatabase<T>(_ body: (String) throws -> T) throws -> T {
    count += 1
    let name = "bench_\(count)"
    try administration.withConnection { connection in
      _ = try connection.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'weir'")
      try connection.execute("CREATE DATABASE \(identifier: name) TEMPLATE weir")
    }
    defer {
      // one that stays goes with the cluster
      _ = try? administration.withConnection { try $0.execute("DROP DATABASE \(identifier: name) WITH (FORCE)") }
    }
    return try body(cluster.url(database: name) ?? "")
  }

  func remove() throws {
    administration.close()
    try cluster.remove()
  }
}
