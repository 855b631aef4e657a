import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import Database

/// What a private cluster finds at its start, and what comes of it.
@Suite(.serialized) struct ClusterTests {
  private let folder = TemporaryFolder()
  private var path: String { folder.path + "/.weir" }
  private var data: String { path + "/postgres/data" }

  private func cluster(programs: String? = nil) -> Cluster {
    Cluster(folder: path, configuration: ClusterConfiguration(programs: programs, isDurable: false))
  }

  private func write(_ text: String, _ name: String) {
    #expect(FileManager.default.createFile(atPath: "\(data)/\(name)", contents: Data(text.utf8)))
  }

  private static func answer(_ sql: SQL, at url: String) throws -> String {
    try Database(DatabaseConfiguration(url: url)).withConnection { try $0.query(sql).one().string(0) }
  }

  /// Starts, keeps a row, and stops; `start` then finds a whole cluster.
  private func make() throws {
    let cluster = cluster()
    let url = try cluster.start()
    try Database(DatabaseConfiguration(url: url)).withConnection { try $0.executeScript("CREATE TABLE kept AS SELECT 'row' AS v") }
    cluster.stop()
  }

  @Test func `an empty place gets a database, and keeps it over a stop`() throws {
    try make()
    let cluster = cluster()
    let url = try cluster.start()
    #expect(cluster.origin == .started)
    #expect(try cluster.start() == url)
    #expect(try Self.answer("SELECT v FROM kept", at: url) == "row")
    #expect(try Self.answer("SELECT concat_ws(' ', current_database(), current_user)", at: url) == "weir weir")
    #expect(try Self.answer("SHOW listen_addresses", at: url) == "")
    let pid = try #require(cluster.serverPID)
    try cluster.remove()
    #expect(kill(pid, 0) != 0)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `the server's user is not root and its socket is closed to others`() throws {
    let cluster = cluster()
    let url = try cluster.start()
    defer { try? cluster.remove() }
    let pid = try #require(cluster.serverPID)
    #expect(Files.info("/proc/\(pid)")?.st_uid != 0)
    let socket = try Self.answer("SHOW unix_socket_directories", at: url)
    #expect(Files.info(socket).map { $0.st_mode & 0o777 } == 0o700)
    #expect("\(socket)/.s.PGSQL.5432".utf8.count <= 107)
  }

  @Test func `a second host joins, and the last to stop ends the server`() throws {
    let (first, second) = (cluster(), cluster())
    let url = try first.start()
    #expect(try second.start() == url)
    #expect(second.origin == .joined)
    #expect(second.serverPID == first.serverPID)
    let pid = try #require(first.serverPID)
    first.stop()
    #expect(try Self.answer("SELECT 'still here'", at: url) == "still here")
    second.stop()
    #expect(kill(pid, 0) != 0)
  }

  @Test func `a half-made database is made anew`() throws {
    try make()
    try FileManager.default.removeItem(atPath: path + "/postgres/complete")
    let cluster = cluster()
    let url = try cluster.start()
    defer { cluster.stop() }
    #expect(try Self.answer("SELECT count(*)::text FROM pg_class WHERE relname = 'kept'", at: url) == "0")
  }

  @Test func `files of somebody else are left alone`() throws {
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    write("15\n", "PG_VERSION")
    let error = #expect(throws: ClusterError.self) { try cluster().start() }
    #expect(
      error?.description
        == "\(path): \(data) holds files that are not a database of Weir's. Move \(data) away, or choose another folder.")
    #expect(FileManager.default.fileExists(atPath: data + "/PG_VERSION"))
  }

  @Test func `a damaged database is never made anew`() throws {
    try make()
    try FileManager.default.removeItem(atPath: data + "/PG_VERSION")
    let error = #expect(throws: ClusterError.self) { try cluster().start() }
    #expect(error?.message == "\(path): the database lacks \(data)/PG_VERSION.")
    #expect(FileManager.default.fileExists(atPath: data + "/base"))
  }

  @Test(arguments: ["1\n", "999999\n", "garbage", ""]) func `a stale pid file does not matter`(pid: String) throws {
    try make()
    // Process 1 lives and is no PostgreSQL: numbers of processes are used again.
    write(pid + data + "\n", "postmaster.pid")
    let cluster = cluster()
    #expect(try Self.answer("SELECT v FROM kept", at: cluster.start()) == "row")
    try cluster.remove()
  }

  @Test func `a socket folder that somebody else has is passed over`() throws {
    try make()
    let taken = (geteuid() == 0 ? "/run" : "/tmp") + "/weir-" + SocketFolder.identity(of: path + "/postgres")
    #expect(FileManager.default.createFile(atPath: taken, contents: Data("mine".utf8)))
    defer { try? FileManager.default.removeItem(atPath: taken) }
    let cluster = cluster()
    let url = try cluster.start()
    defer { cluster.stop() }
    #expect(try Self.answer("SHOW unix_socket_directories", at: url).hasSuffix("-2") || geteuid() != 0)
    #expect(try Self.answer("SELECT v FROM kept", at: url) == "row")
    #expect(FileManager.default.fileExists(atPath: taken))
  }

  @Test func `a server that died is started anew on the same socket`() throws {
    let cluster = cluster()
    let url = try cluster.start()
    let database = Database(DatabaseConfiguration(url: url))
    #expect(throws: Never.self) { try Make.one("SELECT 1", in: database) }
    kill(try #require(cluster.serverPID), SIGKILL)
    until { Postmaster.running(on: data) == nil }
    #expect(try cluster.start() == url)
    // The pool's old session is replaced too.
    #expect(throws: Never.self) { try Make.one("SELECT 1", in: database) }
    try cluster.remove()
  }

  @Test func `a server that another host uses unseen is not started twice`() throws {
    let (first, second) = (cluster(), cluster())
    try first.start()
    kill(try #require(first.serverPID), SIGKILL)
    until { Postmaster.running(on: data) == nil }
    let error = #expect(throws: ClusterError.self) { try second.start() }
    #expect(error?.message.contains("the database is in use by process \(getpid()) on ") == true)
    try first.remove()
  }

  @Test func `data of a version that is not installed is refused`() throws {
    try make()
    write("14\n", "PG_VERSION")
    let error = #expect(throws: ClusterError.self) { try cluster().start() }
    guard case .wrongVersion(data: "14", let installed) = error?.code else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.message == "\(path): the data is of PostgreSQL 14, and installed is \(installed.joined(separator: ", ")).")
    #expect(error?.hint == "Install postgresql-14 and postgresql-14-postgis-3, or upgrade the data with pg_upgrade.")
  }

  @Test func `a machine without PostgreSQL is told what to install`() {
    let error = #expect(throws: ClusterError.self) { try cluster(programs: "/nowhere/bin").start() }
    #expect(
      error?.description
        == "\(path): no PostgreSQL 15 or newer was found in /nowhere/bin. On Debian: apt-get install postgresql-15 postgresql-15-postgis-3. Or set WEIR_DATABASE_URL to a server of yours."
    )
  }

  @Test func `a folder that cannot be made is named with the reason`() {
    #expect(FileManager.default.createFile(atPath: folder.path + "/file", contents: Data()))
    let cluster = Cluster(folder: folder.path + "/file/weir")
    let error = #expect(throws: ClusterError.self) { try cluster.start() }
    #expect(error?.message == "\(folder.path)/file/weir: cannot make the folder \(folder.path)/file/weir: Not a directory.")
  }

  @Test func `a server that fails says why`() throws {
    try make()
    let settings = [DatabaseConfiguration.Setting("shared_buffers", "nonsense")]
    let cluster = Cluster(folder: path, configuration: ClusterConfiguration(isDurable: false, settings: settings))
    let error = #expect(throws: ClusterError.self) { try cluster.start() }
    #expect(error?.message.contains("invalid value for parameter \"shared_buffers\": \"nonsense\"") == true)
    #expect(error?.hint == "Read \(path)/postgres/server.log.")
    // The failed start holds nothing back.
    #expect(throws: Never.self) { try self.cluster().remove() }
  }
}
