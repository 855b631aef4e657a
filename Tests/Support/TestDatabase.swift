public import Database
import Synchronization

/// A database of a test's own, dropped when the test lets go of it.
public final class TestDatabase: Sendable {
  public let database: Database
  public let url: String
  private let name: String
  private let cluster: TestCluster

  private struct Made {
    var templates: Set<String> = []
    var count = 0
  }

  // Copying needs a template that nobody is connected to, so one at a time.
  private static let made = Mutex(Made())

  /// A new database with the template's content.
  /// - Parameter adjust: changes how `database` connects.
  public static func make(
    _ template: TestTemplate = .empty, adjust: (inout DatabaseConfiguration) -> Void = { _ in }
  ) throws -> TestDatabase {
    let cluster = try TestCluster.shared()
    let name = try made.withLock { made in
      if !made.templates.contains(template.name) {
        try fill(template, in: cluster)
        made.templates.insert(template.name)
      }
      made.count += 1
      let name = "test_\(made.count)"
      try copy("template_\(template.name)", to: name, in: cluster)
      return name
    }
    return TestDatabase(name: name, cluster: cluster, adjust: adjust)
  }

  private init(name: String, cluster: TestCluster, adjust: (inout DatabaseConfiguration) -> Void) {
    self.name = name
    self.cluster = cluster
    url = cluster.url(database: name)
    var configuration = DatabaseConfiguration(url: cluster.pooler?.url(database: name) ?? url, poolSize: 8)
    adjust(&configuration)
    if cluster.pooler != nil { configuration.behindTransactionPooler() }
    database = Database(configuration)
  }

  deinit {
    database.close()
    // A database that stays is removed with its cluster.
    try? cluster.administration.withConnection { connection in
      _ = try connection.execute("DROP DATABASE IF EXISTS \(identifier: name) WITH (FORCE)")
    }
  }

  private static func fill(_ template: TestTemplate, in cluster: TestCluster) throws {
    let name = "template_\(template.name)"
    try cluster.administration.withConnection { connection in
      // An attempt that failed half-way left its database.
      _ = try connection.execute("DROP DATABASE IF EXISTS \(identifier: name) WITH (FORCE)")
      _ = try connection.execute("CREATE DATABASE \(identifier: name)")
    }
    let database = Database(DatabaseConfiguration(url: cluster.url(database: name), poolSize: 1))
    defer { database.close() }
    try template.prepare(database)
  }

  private static func copy(_ template: String, to name: String, in cluster: TestCluster) throws {
    try cluster.administration.withConnection { connection in
      // The filler's session may still be on its way out.
      _ = try connection.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = \(template)")
      // Without fsync, copying files takes 20 ms and writing through the log 60 to 300 (2026-11, PostgreSQL 15).
      _ = try connection.execute("CREATE DATABASE \(identifier: name) TEMPLATE \(identifier: template) STRATEGY file_copy")
    }
  }
}
