import CPostgres
import Glibc
import Logging

/// Joins, starts and ends a cluster's server. The caller holds the cluster's lock.
struct ClusterLaunch {
  let place: ClusterPlace
  let configuration: ClusterConfiguration

  /// The server that runs already, once it answers; nil when none does. One that is stopping is waited for.
  func join() throws(ClusterError) -> Postmaster? {
    let deadline = ContinuousClock.now + configuration.startTimeout
    while let server = Postmaster.running(on: place.data) {
      if !server.socketFolder.isEmpty, server.ping() == PQPING_OK { return server }
      guard ContinuousClock.now < deadline else { throw notReady() }
      usleep(20_000)
    }
    return nil
  }

  func launch() throws(ClusterError) -> Postmaster {
    let programs = try PostgresPrograms.find(in: configuration.programs, for: place.version, folder: place.folder)
    let deadline = ContinuousClock.now + configuration.startTimeout
    while true {
      let socketFolder = try SocketFolder.prepare(for: place.path, owner: place.owner, folder: place.folder)
      let pid: Int32
      do throws(FileFault) {
        if Postmaster.isStaleFileInTheWay(of: place.data) { try Files.remove("\(place.data)/postmaster.pid") }
        try Files.write(configuration.serverSettings, to: place.settings, owner: place.owner)
        try admitBackups()
        pid = try spawn(programs, socketFolder)
      } catch {
        throw error.inFolder(place.folder)
      }
      if try becomesReady(pid, until: deadline) { return Postmaster(pid: pid, socketFolder: socketFolder) }
      SocketFolder.remove(socketFolder)
      // Sessions of a server that was killed may outlive it for a moment, and keep its shared memory.
      guard Files.tail(place.log).contains("shared memory block"), ContinuousClock.now < deadline else { throw notReady() }
      usleep(200_000)
    }
  }

  /// Ends the server: open sessions are told to go, what is committed is safe.
  func shutDown(_ server: Postmaster) {
    kill(server.pid, SIGINT)
    let deadline = ContinuousClock.now + configuration.startTimeout
    while isRunning(server.pid) {
      if ContinuousClock.now > deadline {
        // It recovers from its log at the next start.
        configuration.logger.warning("PostgreSQL did not stop; ending it at once", metadata: ["pid": "\(server.pid)"])
        kill(server.pid, SIGQUIT)
        if isOurChild(server.pid) { _ = Program.wait(for: server.pid) }
        return
      }
      usleep(10_000)
    }
    SocketFolder.remove(server.socketFolder)
  }

  /// Data of weir 0.1.0 does not let pg_basebackup in yet; what an operator wrote stays.
  private func admitBackups() throws(FileFault) {
    let admission = "\(place.data)/pg_hba.conf"
    guard Files.read(admission) == "local all all trust\n" else { return }
    try Files.write(ClusterCreation.admission, to: admission, owner: place.owner)
  }

  private func spawn(_ programs: PostgresPrograms, _ socketFolder: String) throws(FileFault) -> Int32 {
    let log = open(place.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard log >= 0 else { throw FileFault("write", place.log) }
    defer { close(log) }
    // One start's messages are enough to understand it; a log without end would fill the disk.
    if lseek(log, 0, SEEK_END) > 16 << 20 { ftruncate(log, 0) }
    return try Program.start(place.owner.command([programs.postgres, "-D", place.data, "-k", socketFolder]), output: log)
  }

  private func becomesReady(_ pid: Int32, until deadline: ContinuousClock.Instant) throws(ClusterError) -> Bool {
    while ContinuousClock.now < deadline {
      if Program.hasEnded(pid) { return false }
      // The file names the socket only when it listens; asking earlier would meet nobody.
      if let server = Postmaster.running(on: place.data), server.pid == pid, !server.socketFolder.isEmpty, server.ping() == PQPING_OK {
        return true
      }
      usleep(10_000)
    }
    kill(pid, SIGQUIT)
    _ = Program.wait(for: pid)
    throw notReady()
  }

  private func notReady() -> ClusterError {
    let words = Files.tail(place.log)
    return ClusterError(
      .notReady(seconds: configuration.startTimeout.components.seconds, log: place.log, output: words), folder: place.folder)
  }

  private func isRunning(_ pid: Int32) -> Bool {
    if isOurChild(pid) { return !Program.hasEnded(pid) }
    return Postmaster.running(on: place.data)?.pid == pid
  }

  private func isOurChild(_ pid: Int32) -> Bool {
    var info = siginfo_t()
    return waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0
  }
}
