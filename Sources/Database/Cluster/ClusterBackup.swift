import Glibc

/// A copy of a running cluster that is a cluster itself: put where the old one was, it starts.
struct ClusterBackup {
  let place: ClusterPlace
  let configuration: ClusterConfiguration

  /// Copies into `folder`, which must not be there yet, through the server's replication protocol: whoever writes goes on.
  func take(_ server: Postmaster, into folder: String) throws(ClusterError) {
    let programs = try PostgresPrograms.find(in: configuration.programs, for: place.version, folder: place.folder)
    let target = "\(folder)/postgres"
    let ending: Program.Ending
    do throws(FileFault) {
      guard !Files.exists(folder) else { throw FileFault("back up into", folder, number: EEXIST) }
      try Files.makeFolders(target, mode: 0o700)
      chmod(folder, 0o711)
      // fast: no wait for the next scheduled checkpoint; stream: the log of the meantime comes along
      ending = try Program.run([
        "\(programs.folder)/pg_basebackup", "--dbname=" + Postmaster.url(socketFolder: server.socketFolder, database: "postgres"),
        "--pgdata=\(target)/data", "--checkpoint=fast", "--wal-method=stream",
      ])
    } catch {
      throw error.inFolder(folder)
    }
    guard ending.isSuccess else {
      let status = ending.exitStatus.map { "ended with status \($0)" } ?? "was killed"
      throw ClusterError(.programFailed(program: "pg_basebackup", status: status, output: ending.output), folder: place.folder)
    }
    do throws(FileFault) {
      let major = String(programs.major)
      try Files.write("A database of weir. Remove the whole folder or nothing.\n", to: "\(target)/weir", owner: place.owner)
      try Files.giveAway(target, to: place.owner)
      // last: a copy that was cut short does not count
      try Files.write(major + "\n", to: "\(target)/complete", owner: place.owner)
    } catch {
      throw error.inFolder(folder)
    }
  }
}
