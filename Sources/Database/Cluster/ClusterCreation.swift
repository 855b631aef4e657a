import Glibc
import Logging

/// Makes a cluster's data, once.
struct ClusterCreation {
  let place: ClusterPlace
  let configuration: ClusterConfiguration
  /// Held by `initdb` and its children too: a next start waits for one that outlived its weir.
  let lock: FileLock

  /// Who is let in: whoever reaches the socket, also for a backup.
  static let admission = "local all all trust\nlocal replication all trust\n"

  /// What stands at the place, and so what is to do.
  enum Finding: Equatable {
    case nothing
    case halfMade
    case whole
    case foreign
    case damaged(missing: String)
  }

  static func judge(hasClaim: Bool, isComplete: Bool, hasData: Bool, hasVersion: Bool) -> Finding {
    switch (hasClaim, isComplete, hasData) {
    case (_, true, _) where !hasVersion: .damaged(missing: "data/PG_VERSION")
    case (_, true, _): .whole
    case (true, false, _): .halfMade
    case (false, false, true): .foreign
    case (false, false, false): .nothing
    }
  }

  func ensure() throws(ClusterError) {
    let finding = Self.judge(
      hasClaim: Files.exists(place.claim), isComplete: Files.exists(place.complete),
      hasData: Files.exists(place.data), hasVersion: place.version != nil)
    switch finding {
    case .whole: return
    case .foreign: throw ClusterError(.foreignFiles(path: place.data), folder: place.folder)
    case .damaged(let missing): throw ClusterError(.damaged(missing: "\(place.path)/\(missing)"), folder: place.folder)
    case .halfMade:
      configuration.logger.notice("Making the database anew; an earlier start was interrupted", metadata: ["place": "\(place.path)"])
    case .nothing:
      configuration.logger.info("Making the database", metadata: ["place": "\(place.path)"])
    }
    let programs = try PostgresPrograms.find(in: configuration.programs, for: nil, folder: place.folder)
    do throws(FileFault) {
      try Files.write("A database of weir. Remove the whole folder or nothing.\n", to: place.claim, owner: place.owner)
      try Files.remove(place.data)
    } catch {
      throw error.inFolder(place.folder)
    }
    try makeData(programs)
  }

  private func makeData(_ programs: PostgresPrograms) throws(ClusterError) {
    var arguments = [
      programs.initdb, "--pgdata=\(place.data)", "--username=weir", "--encoding=UTF8", "--locale=C.UTF-8",
      "--auth=trust", "--no-instructions",
    ]
    if !configuration.isDurable { arguments.append("--no-sync") }
    let ending: Program.Ending
    do throws(FileFault) {
      ending = try Program.run(place.owner.command(arguments), inherited: lock.descriptor)
    } catch {
      throw error.inFolder(place.folder)
    }
    guard ending.isSuccess else {
      let status = ending.exitStatus.map { "ended with status \($0)" } ?? "was killed"
      throw ClusterError(.programFailed(program: programs.initdb, status: status, output: ending.output), folder: place.folder)
    }
    do throws(FileFault) {
      try finish(major: programs.major)
    } catch {
      throw error.inFolder(place.folder)
    }
  }

  private func finish(major: Int) throws(FileFault) {
    // Whoever can enter the socket's folder (its user and root) could read the data files as well, so a password
    // or a check of names would guard nothing more; nobody else can reach the server, which has no other door.
    try Files.write(Self.admission, to: "\(place.data)/pg_hba.conf", owner: place.owner)
    let settings = "\(place.data)/postgresql.conf"
    try Files.write((Files.read(settings) ?? "") + "\ninclude_if_exists = 'weir.conf'\n", to: settings, owner: place.owner)
    try Files.write("\(major)\n", to: place.complete, owner: place.owner)
  }
}
