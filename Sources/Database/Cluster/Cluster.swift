import CPostgres
import Glibc
import Logging

/// A private PostgreSQL in a folder: made at its first start, reached through a Unix socket only.
///
/// Several processes may use one folder at a time: the first starts the server, the others join it, and the last one
/// that stops ends it. A server that outlived its weir (`kill -9`) is joined likewise.
///
/// As root, PostgreSQL runs as `postgres` or else `nobody`. Sessions need no password: the socket's folder has mode
/// 0700, so that only the server's user and root can reach it, who could read the data files as well. Runners must
/// therefore have a user of their own.
public final class Cluster: @unchecked Sendable {  // `start` and `stop` hold `gate`
  /// How this object came to its server.
  public enum Origin: Sendable, Hashable {
    /// `start` started it.
    case started
    /// It ran already.
    case joined
  }

  private let folder: String
  private let configuration: ClusterConfiguration
  private let gate = Gate()
  private var use: Use?

  private struct Use {
    let place: ClusterPlace
    /// Held while starting and stopping.
    let lock: FileLock
    /// Shared by all who use the server.
    let users: FileLock
    let server: Postmaster
    let origin: Origin
  }

  /// - Parameter folder: where the data is to live, normally `.weir`; made when missing.
  public init(folder: String, configuration: ClusterConfiguration = ClusterConfiguration()) {
    self.folder = folder
    self.configuration = configuration
  }

  /// Starts or joins the server and gives the URL of its database `weir`, as a superuser. Takes about 2 s the first
  /// time, then about 0.2 s.
  ///
  /// Called again it gives the same URL, and starts the server anew if that has died.
  @discardableResult
  public func start() throws(ClusterError) -> String {
    gate.lock()
    defer { gate.unlock() }
    if let use { return try Self.url(revived(use)) }
    let place = try ClusterPlace(folder, logger: configuration.logger)
    let locks = try openLocks(of: place)
    guard locks.lock.exclusive(within: configuration.startTimeout) else {
      throw ClusterError(.busy(seconds: configuration.startTimeout.components.seconds), folder: place.folder)
    }
    defer { locks.lock.release() }
    let use = try enter(place, lock: locks.lock, users: locks.users)
    do {
      try ensureDatabase(use)
    } catch {
      leave(use)
      let code = ClusterError.Code.programFailed(program: "CREATE DATABASE", status: "failed", output: "\(error)")
      throw ClusterError(code, folder: place.folder, cause: error)
    }
    self.use = use
    return Self.url(use)
  }

  /// The URL of a database of this server; nil while it is not started.
  public func url(database: String, user: String = "weir") -> String? {
    gate.locked { use.map { Postmaster.url(socketFolder: $0.server.socketFolder, database: database, user: user) } }
  }

  /// Nil while it is not started.
  public var origin: Origin? { gate.locked { use?.origin } }

  /// The server's process; nil while it is not started.
  public var serverPID: Int32? { gate.locked { use?.server.pid } }

  /// Starts the server anew if it has died since `start`, and answers whether it had.
  /// - Throws: `.moved` when it answers at another place now, so that the URL which `start` gave leads nowhere.
  public func revive() throws(ClusterError) -> Bool {
    gate.lock()
    defer { gate.unlock() }
    guard let use, Postmaster.running(on: use.place.data) == nil else { return false }
    let server = try revived(use).server
    guard server.socketFolder == use.server.socketFolder else {
      throw ClusterError(.moved(from: use.server.socketFolder, to: server.socketFolder), folder: use.place.folder)
    }
    return true
  }

  /// Copies the started cluster into a new folder, from which it can be started; whoever writes meanwhile goes on.
  /// - Throws: `.fileFault` when the folder is there already; `.programFailed` with what pg_basebackup said.
  public func backUp(into folder: String) throws(ClusterError) {
    gate.lock()
    defer { gate.unlock() }
    guard let use else { throw ClusterError(.notStarted, folder: self.folder) }
    try ClusterBackup(place: use.place, configuration: configuration).take(use.server, into: folder)
  }

  /// Whether a cluster was made in this folder.
  public static func exists(in folder: String) -> Bool { Files.exists("\(path(in: folder))/complete") }

  /// The URL of the database `weir` of the server that runs on this folder's cluster, whoever started it; nil when none does.
  public static func runningURL(folder: String) -> String? {
    Postmaster.running(on: "\(path(in: folder))/data").map { Postmaster.url(socketFolder: $0.socketFolder, database: "weir") }
  }

  private static func path(in folder: String) -> String {
    Files.read("\(folder)/postgres.place").map { String($0.prefix { $0 != "\n" }) } ?? "\(folder)/postgres"
  }

  /// The folder of the PostgreSQL programs that a new cluster would be made with, and their version.
  /// - Throws: `.postgresMissing`.
  public static func findPrograms(folder: String) throws(ClusterError) -> String {
    let programs = try PostgresPrograms.find(in: nil, for: nil, folder: folder)
    return "PostgreSQL \(programs.major) in \(programs.folder)"
  }

  /// Leaves the server, and ends it in order when nobody else uses it. Sessions that are still open are ended.
  public func stop() {
    gate.lock()
    defer { gate.unlock() }
    guard let use else { return }
    self.use = nil
    // Without the lock, which another holds for too long, the server stays: the next start joins it.
    guard use.lock.exclusive(within: configuration.startTimeout) else { return use.users.release() }
    defer { use.lock.release() }
    leave(use)
  }

  /// Ends the server, even one that an earlier process left, and removes all its data. For what is thrown away, as in
  /// tests; nothing happens when there is nothing.
  /// - Throws: `.usedElsewhere` when another process uses it.
  public func remove() throws(ClusterError) {
    stop()
    guard Files.exists(folder) else { return }
    let place = try ClusterPlace(folder, logger: configuration.logger)
    let locks = try openLocks(of: place)
    guard locks.lock.exclusive(within: configuration.startTimeout), locks.users.tryExclusive() else {
      throw ClusterError(.usedElsewhere(by: locks.users.note), folder: place.folder)
    }
    if let server = Postmaster.running(on: place.data) {
      ClusterLaunch(place: place, configuration: configuration).shutDown(server)
    }
    do throws(FileFault) {
      try Files.remove(place.path)
      try Files.remove("\(place.folder)/postgres.place")
    } catch {
      throw error.inFolder(place.folder)
    }
    rmdir(place.folder)
  }

  private func openLocks(of place: ClusterPlace) throws(ClusterError) -> (lock: FileLock, users: FileLock) {
    do throws(FileFault) {
      let lock = try FileLock("\(place.path)/lock", owner: place.owner)
      return (lock, try FileLock("\(place.path)/users", owner: place.owner))
    } catch {
      throw error.inFolder(place.folder)
    }
  }

  private func enter(_ place: ClusterPlace, lock: FileLock, users: FileLock) throws(ClusterError) -> Use {
    let launch = ClusterLaunch(place: place, configuration: configuration)
    if let server = try launch.join() {
      _ = users.share()
      configuration.logger.info("Joined the running PostgreSQL", metadata: ["pid": "\(server.pid)", "place": "\(place.path)"])
      return Use(place: place, lock: lock, users: users, server: server, origin: .joined)
    }
    // A second server on the same files would ruin them, and one in another container cannot be seen.
    guard users.tryExclusive() else { throw ClusterError(.usedElsewhere(by: users.note), folder: place.folder) }
    try ClusterCreation(place: place, configuration: configuration, lock: lock).ensure()
    let server = try launch.launch()
    users.write(note: "process \(getpid()) on \(Self.hostName)")
    _ = users.share()
    return Use(place: place, lock: lock, users: users, server: server, origin: .started)
  }

  private func revived(_ use: Use) throws(ClusterError) -> Use {
    if Postmaster.running(on: use.place.data) != nil { return use }
    guard use.lock.exclusive(within: configuration.startTimeout) else {
      throw ClusterError(.busy(seconds: configuration.startTimeout.components.seconds), folder: use.place.folder)
    }
    defer { use.lock.release() }
    configuration.logger.warning("PostgreSQL has died; starting it anew", metadata: ["place": "\(use.place.path)"])
    _ = Program.hasEnded(use.server.pid)  // Reaps it, if it was ours.
    let launch = ClusterLaunch(place: use.place, configuration: configuration)
    let (server, origin) = if let joined = try launch.join() { (joined, Origin.joined) } else { (try launch.launch(), .started) }
    let revived = Use(place: use.place, lock: use.lock, users: use.users, server: server, origin: origin)
    self.use = revived
    return revived
  }

  private func leave(_ use: Use) {
    guard use.users.tryExclusive() else { return use.users.release() }
    ClusterLaunch(place: use.place, configuration: configuration).shutDown(use.server)
    use.users.release()
  }

  private func ensureDatabase(_ use: Use) throws {
    let url = Postmaster.url(socketFolder: use.server.socketFolder, database: "postgres")
    let connection = try Connection(DatabaseConfiguration(url: url, logger: configuration.logger))
    guard try connection.query("SELECT FROM pg_database WHERE datname = 'weir'").isEmpty else { return }
    try connection.execute("CREATE DATABASE weir")
  }

  private static func url(_ use: Use) -> String {
    Postmaster.url(socketFolder: use.server.socketFolder, database: "weir")
  }

  private static var hostName: String {
    var name = [UInt8](repeating: 0, count: 256)
    let status = name.withUnsafeMutableBytes { bytes in
      bytes.withMemoryRebound(to: CChar.self) { $0.baseAddress.map { gethostname($0, 255) } }
    }
    return status == 0 ? String(decoding: name.prefix { $0 != 0 }, as: UTF8.self) : "this machine"
  }
}
