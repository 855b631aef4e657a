import CKernel
import Glibc
import Synchronization

/// A PgBouncer in transaction mode before the cluster of a test process: what hosts meet where connections are few.
public final class TestPooler: Sendable {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Whether databases of tests are to be reached through it: `WEIR_TEST_POOLER` is set.
  static var isWanted: Bool { getenv("WEIR_TEST_POOLER") != nil }

  private let folder: String
  private let pid: Int32

  /// - Parameters:
  ///   - folder: a new one is made here, which the server's user can enter.
  ///   - server: the URL of a database of the server, over its socket.
  public init(in folder: String, server: String) throws {
    self.folder = "\(folder)/pooler"
    guard let socket = server.split(separator: "?host=").last?.split(separator: "%2F").map(String.init).joined(separator: "/") else {
      throw Failure(description: "\(server): names no socket")
    }
    var owner = stat()
    guard stat("/" + socket, &owner) == 0 else { throw Failure(description: "/\(socket): \(String(cString: strerror(errno)))") }
    mkdir(self.folder, 0o700)
    chown(self.folder, owner.st_uid, owner.st_gid)
    let settings = """
      [databases]
      * = host=/\(socket) user=weir
      [pgbouncer]
      listen_addr =
      unix_socket_dir = \(self.folder)
      listen_port = 6432
      auth_type = any
      pool_mode = transaction
      max_client_conn = 2000
      default_pool_size = 6
      logfile = \(self.folder)/log
      """
    guard let file = fopen("\(self.folder)/pooler.ini", "w") else { throw Failure(description: "\(self.folder): cannot be written") }
    fputs(settings, file)
    fclose(file)
    chmod("\(self.folder)/pooler.ini", 0o644)
    // it refuses to run as root
    let arguments = [
      "/usr/bin/setpriv", "--reuid=\(owner.st_uid)", "--regid=\(owner.st_gid)", "--clear-groups", "/usr/sbin/pgbouncer", "-q",
      "\(self.folder)/pooler.ini",
    ]
    let copies = arguments.map { strdup($0) } + [nil]
    defer { copies.forEach { free($0) } }
    let environment: [UnsafeMutablePointer<CChar>?] = [nil]
    pid = weir_spawn("/usr/bin/setpriv", copies, environment, [-1, -1, -1, -1, -1, -1])
    guard pid > 0 else { throw Failure(description: "pgbouncer: \(String(cString: strerror(-pid)))") }
    let isThere = until(within: 20) { access("\(self.folder)/.s.PGSQL.6432", F_OK) == 0 }
    guard isThere else {
      throw Failure(description: "pgbouncer does not start; is Debian's package installed? \(self.folder)/log says more")
    }
  }

  public func url(database: String) -> String { "host=\(folder) port=6432 dbname=\(database) user=weir" }

  public func stop() {
    kill(pid, SIGKILL)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
  }
}
