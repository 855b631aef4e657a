import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import Database

/// What becomes of a private cluster when its host dies, or has fewer rights. Each host here is a process of its own.
@Suite(.serialized) struct ClusterDeathTests {
  private let folder = TemporaryFolder()
  private var path: String { folder.path + "/.weir" }
  private static let configuration = ClusterConfiguration(isDurable: false)

  @Test func `the server of a killed host is joined, with all that it held`() async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let url = try Cluster(folder: path, configuration: Self.configuration).start()
      try Database(DatabaseConfiguration(url: url)).withConnection { try $0.executeScript("CREATE TABLE kept AS SELECT 1 AS v") }
      kill(getpid(), SIGKILL)
    }
    let next = Cluster(folder: path, configuration: Self.configuration)
    let url = try next.start()
    #expect(next.origin == .joined)
    let database = Database(DatabaseConfiguration(url: url))
    #expect(try Make.one("SELECT v FROM kept", in: database).int(0) == 1)
    next.stop()
    #expect(Postmaster.running(on: path + "/postgres/data") == nil)
    try next.remove()
  }

  @Test func `what a killed host and a killed server left does not matter`() async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let cluster = Cluster(folder: path, configuration: Self.configuration)
      try cluster.start()
      kill(try #require(cluster.serverPID), SIGKILL)
      kill(getpid(), SIGKILL)
    }
    let next = Cluster(folder: path, configuration: Self.configuration)
    let url = try next.start()
    #expect(next.origin == .started)
    #expect(throws: Never.self) { try Make.one("SELECT 1", in: Database(DatabaseConfiguration(url: url))) }
    try next.remove()
  }

  @Test func `a host that is killed while it makes the database leaves nothing in the way`() async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let sawData = Meeting(of: 2)
      async let start = onOwnThread { try Cluster(folder: path, configuration: Self.configuration).start() }
      async let watch: Void = onOwnThread {
        until { Files.exists(path + "/postgres/data/PG_VERSION") }
        kill(getpid(), SIGKILL)
        sawData.wait()
      }
      _ = try await (start, watch)
    }
    #expect(!Files.exists(path + "/postgres/complete"))
    let next = Cluster(folder: path, configuration: Self.configuration)
    let url = try next.start()
    #expect(next.origin == .started)
    #expect(throws: Never.self) { try Make.one("SELECT 1", in: Database(DatabaseConfiguration(url: url))) }
    try next.remove()
  }

  @Test(.enabled(if: geteuid() == 0)) func `a host without root runs the server as itself`() async throws {
    #expect(chown(folder.path, 65534, 65534) == 0)
    await #expect(processExitsWith: .success) { [path = path as String] in
      #expect(chdir("/") == 0)  // this checkout may lie in a folder closed to that user
      #expect(setgid(65534) == 0 && setuid(65534) == 0)
      let cluster = Cluster(folder: path, configuration: Self.configuration)
      let url = try cluster.start()
      #expect(throws: Never.self) { try Make.one("SELECT 1", in: Database(DatabaseConfiguration(url: url))) }
      #expect(cluster.serverPID.flatMap { Files.info("/proc/\($0)")?.st_uid } == 65534)
      try cluster.remove()
    }
  }

  @Test(.enabled(if: geteuid() == 0)) func `a host without the rights to the folder says so`() async throws {
    try Cluster(folder: path, configuration: Self.configuration).start()
    defer { try? Cluster(folder: path, configuration: Self.configuration).remove() }
    await #expect(processExitsWith: .success) { [path = path as String] in
      #expect(setgid(65534) == 0 && setuid(65534) == 0)
      let error = #expect(throws: ClusterError.self) { try Cluster(folder: path, configuration: Self.configuration).start() }
      #expect(
        error?.description
          == "\(path): cannot enter \(path)/postgres: Permission denied. Run weir as the user who made the folder, or as root, or choose another folder."
      )
    }
  }

  @Test(.enabled(if: geteuid() == 0)) func `under a closed folder the data lives elsewhere, and a note says where`() throws {
    #expect(chmod(folder.path, 0o700) == 0)
    let cluster = Cluster(folder: path, configuration: Self.configuration)
    let url = try cluster.start()
    let place = "/var/lib/weir/\(SocketFolder.identity(of: path))"
    #expect(Files.read(path + "/postgres.place") == place + "\n")
    #expect(try Make.one("SHOW data_directory", in: Database(DatabaseConfiguration(url: url))).string(0) == place + "/data")
    // Opened later, it stays where it is.
    cluster.stop()
    #expect(chmod(folder.path, 0o755) == 0)
    #expect(try cluster.start() == url)
    try cluster.remove()
    #expect(!Files.exists(place))
  }
}
