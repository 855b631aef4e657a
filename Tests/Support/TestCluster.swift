public import Database
import Glibc
import Synchronization

/// The one private PostgreSQL of a test process: started by the first test that needs it, removed when the process
/// ends. What a killed process left behind, the next one removes.
public final class TestCluster: Sendable {
  /// - Throws: `ClusterError` when PostgreSQL does not start; every test that needs it then says so.
  public static func shared() throws -> TestCluster {
    try running.withLock { running in
      if let running { return running }
      removeLeftovers()
      let cluster = try TestCluster()
      running = cluster
      atexit { TestCluster.end() }
      return cluster
    }
  }

  /// A superuser's door to the database `postgres`, for making other databases.
  public let administration: Database
  private let cluster: Cluster
  /// What stands between tests and the server; nil: nothing.
  let pooler: TestPooler?
  private let folder: String

  private static let running = Mutex<TestCluster?>(nil)
  private static let parent = "/tmp/weir-tests-\(geteuid())"

  private init() throws {
    mkdir(Self.parent, 0o711)
    folder = "\(Self.parent)/\(getpid())"
    cluster = Cluster(
      folder: folder,
      configuration: ClusterConfiguration(isDurable: false, settings: [.init("max_connections", "1000")]))
    try cluster.start()
    let url = cluster.url(database: "postgres") ?? ""
    pooler = TestPooler.isWanted ? try TestPooler(in: folder, server: url) : nil
    administration = Database(DatabaseConfiguration(url: url, poolSize: 2, poolTimeout: .seconds(300)))
  }

  public func url(database: String) -> String {
    cluster.url(database: database) ?? ""
  }

  private static func end() {
    running.withLock { running in
      running?.administration.close()
      running?.pooler?.stop()
      try? running?.cluster.remove()  // What stays is the next process's to remove.
      running = nil
    }
  }

  private static func removeLeftovers() {
    guard let listing = opendir(parent) else { return }
    defer { closedir(listing) }
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard let pid = pid_t(name), kill(pid, 0) != 0, errno == ESRCH else { continue }
      // Another test process may be at it too: then it succeeds there.
      try? Cluster(folder: "\(parent)/\(name)").remove()
    }
  }
}
