import Glibc
import Logging

/// Where one cluster lives: `postgres/` in the folder that was asked for; when root asks for a folder that the
/// unprivileged user cannot enter, a folder of its own under `/var/lib/weir`, and `postgres.place` says which.
struct ClusterPlace: Sendable {
  /// What was asked for, without links.
  let folder: String
  let path: String
  let owner: ClusterOwner

  var data: String { "\(path)/data" }
  var log: String { "\(path)/server.log" }
  /// Says that the place is Weir's; written first.
  var claim: String { "\(path)/weir" }
  /// Says that the data is whole; written last.
  var complete: String { "\(path)/complete" }
  var settings: String { "\(data)/weir.conf" }
  /// The major version that wrote the data; nil when there is no data.
  var version: String? {
    Files.read("\(data)/PG_VERSION").map { String($0.prefix { !$0.isWhitespace }) }
  }

  init(_ asked: String, logger: Logger) throws(ClusterError) {
    do throws(FileFault) {
      // 0711: the user that PostgreSQL runs as passes through, and sees no names.
      try Files.makeFolders(asked, mode: 0o711)
    } catch {
      throw error.inFolder(asked)
    }
    guard let folder = Files.resolved(asked) else { throw FileFault("enter", asked).inFolder(asked) }
    self.folder = folder
    let noted = Files.read("\(folder)/postgres.place").map { String($0.prefix { $0 != "\n" }) }
    let nearby = noted ?? "\(folder)/postgres"
    let owner = try ClusterOwner.find(place: nearby, folder: folder)
    self.owner = owner
    if noted == nil, !owner.canEnter(folder) {
      path = "/var/lib/weir/\(SocketFolder.identity(of: folder))"
      logger.notice(
        "The database lives elsewhere, because its user cannot enter the folder",
        metadata: ["folder": "\(folder)", "place": "\(path)", "user": "\(owner.uid)"])
    } else {
      path = nearby
    }
    do throws(FileFault) {
      try make(isElsewhere: path != "\(folder)/postgres")
    } catch {
      throw error.inFolder(folder)
    }
  }

  private func make(isElsewhere: Bool) throws(FileFault) {
    if isElsewhere {
      try Files.makeFolders("/var/lib/weir", mode: 0o711)
      try Files.write(path + "\n", to: "\(folder)/postgres.place", owner: ClusterOwner(uid: geteuid(), gid: getegid()), mode: 0o644)
    }
    try Files.makeFolder(path, mode: 0o700)
    if owner.isOtherThanSelf, chown(path, owner.uid, owner.gid) != 0 { throw FileFault("give away", path) }
    guard access(path, R_OK | W_OK | X_OK) == 0 else { throw FileFault("enter", path) }
  }
}
