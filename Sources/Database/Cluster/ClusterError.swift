/// Why the private PostgreSQL does not run.
public struct ClusterError: Error, Sendable, CustomStringConvertible {
  public enum Code: Sendable, Hashable {
    /// No PostgreSQL 15 or newer is installed.
    case postgresMissing(searched: [String])
    /// The data was written by a major version that is not installed.
    case wrongVersion(data: String, installed: [String])
    /// The place holds files that are not a cluster of Weir's.
    case foreignFiles(path: String)
    /// The cluster was complete once, and is not now.
    case damaged(missing: String)
    case notPermitted(action: String, path: String, reason: String)
    case fileFault(action: String, path: String, reason: String)
    /// Another process is starting or stopping this cluster, and has been for too long.
    case busy(seconds: Int64)
    /// Another process uses the folder, with a PostgreSQL that cannot be seen from here.
    case usedElsewhere(by: String)
    /// Every name for the socket's folder is taken by somebody else.
    case socketTaken(path: String)
    /// A program failed; `output` is what it said last.
    case programFailed(program: String, status: String, output: String)
    /// The server was started and did not become ready.
    case notReady(seconds: Int64, log: String, output: String)
    case noUnprivilegedUser
    case notStarted
    /// A server that was started anew could not have its old socket.
    case moved(from: String, to: String)
  }

  public let code: Code
  /// The folder that the cluster was asked for in.
  public let folder: String
  public let cause: (any Error)?

  init(_ code: Code, folder: String, cause: (any Error)? = nil) {
    self.code = code
    self.folder = folder
    self.cause = cause
  }

  /// What is wrong and where.
  public var message: String {
    "\(folder): " + what
  }

  /// How to mend it.
  public var hint: String {
    switch code {
    case .postgresMissing:
      "On Debian: apt-get install postgresql-15 postgresql-15-postgis-3. Or set WEIR_DATABASE_URL to a server of yours."
    case .wrongVersion(let data, _):
      "Install postgresql-\(data) and postgresql-\(data)-postgis-3, or upgrade the data with pg_upgrade."
    case .foreignFiles(let path): "Move \(path) away, or choose another folder."
    case .damaged: "Restore it from a backup; or, if nothing in it matters, remove it and start again."
    case .notPermitted: "Run weir as the user who made the folder, or as root, or choose another folder."
    case .fileFault: "Check that the disk has room and is writable."
    case .busy: "Wait, or look for a weir that hangs (it holds the file `lock` there)."
    case .usedElsewhere: "Stop that weir (it may run in another container), or choose another folder."
    case .socketTaken(let path): "Remove \(path) and the numbered names beside it, if nobody needs them."
    case .programFailed: "Mend what it complains about and start again."
    case .notReady(_, let log, _): "Read \(log)."
    case .moved: "Start weir again."
    case .notStarted: "Start it first: weir serve does."
    case .noUnprivilegedUser:
      "PostgreSQL refuses to run as root: make a user `postgres` (the package postgresql-15 does), or run weir as another user."
    }
  }

  public var description: String { "\(message) \(hint)" }

  private var what: String {
    switch code {
    case .postgresMissing(let searched):
      return "no PostgreSQL 15 or newer was found in \(searched.joined(separator: ", "))."
    case .wrongVersion(let data, let installed):
      let found = installed.isEmpty ? "none" : installed.joined(separator: ", ")
      return "the data is of PostgreSQL \(data), and installed is \(found)."
    case .foreignFiles(let path): return "\(path) holds files that are not a database of Weir's."
    case .damaged(let missing): return "the database lacks \(missing)."
    case .notPermitted(let action, let path, let reason), .fileFault(let action, let path, let reason):
      return "cannot \(action) \(path): \(reason)."
    case .busy(let seconds): return "another weir has been starting or stopping this database for \(seconds) s."
    case .usedElsewhere(let who): return "the database is in use by \(who), whose PostgreSQL cannot be seen from here."
    case .socketTaken(let path): return "\(path) is taken by somebody else."
    case .programFailed(let program, let status, let output): return "\(program) \(status): \(output)"
    case .notReady(let seconds, _, let output):
      return "PostgreSQL was started and was not ready within \(seconds) s. It said last: \(output)"
    case .notStarted: return "PostgreSQL does not run."
    case .moved(let old, let new): return "PostgreSQL was started anew, and answers in \(new) now, not in \(old)."
    case .noUnprivilegedUser: return "weir runs as root and finds no user to run PostgreSQL as."
    }
  }
}
