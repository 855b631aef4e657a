public import Logging

/// How a private cluster is made and run.
public struct ClusterConfiguration: Sendable {
  /// The folder with `postgres` and `initdb`; nil searches PATH and Debian's places.
  public var programs: String?
  /// Whether commits survive a crash of the machine. Off is for tests alone.
  public var isDurable: Bool
  /// Settings of the server beyond Weir's own.
  public var settings: [DatabaseConfiguration.Setting]
  public var startTimeout: Duration
  public var logger: Logger

  public init(
    programs: String? = nil, isDurable: Bool = true, settings: [DatabaseConfiguration.Setting] = [],
    startTimeout: Duration = .seconds(60), logger: Logger = Logger(label: "weir.cluster")
  ) {
    self.programs = programs
    self.isDurable = isDurable
    self.settings = settings
    self.startTimeout = startTimeout
    self.logger = logger
  }

  /// The server's settings file. `ALTER SYSTEM` overrides it.
  var serverSettings: String {
    var lines = [
      "# Written by weir at each start; use ALTER SYSTEM for settings of your own.",
      "listen_addresses = ''",
      "unix_socket_permissions = 0700",
      "max_connections = 100",
      "shared_buffers = '256MB'",
      "work_mem = '16MB'",
      "maintenance_work_mem = '128MB'",
      "max_wal_size = '2GB'",
      "checkpoint_timeout = '15min'",
      // What pg_basebackup needs; a database that nobody keeps does without.
      "wal_level = \(isDurable ? "replica" : "minimal")",
      "max_wal_senders = \(isDurable ? 4 : 0)",
      "random_page_cost = 1.1",
      // Not bound to the size of /dev/shm, which containers keep at 64 MB.
      "dynamic_shared_memory_type = sysv",
      "jit = off",
      // The queue's tables are rewritten all day: their dead rows must go soon.
      "autovacuum_naptime = '15s'",
      "timezone = 'UTC'",
      "log_timezone = 'UTC'",
      "lc_messages = 'C'",
      "log_line_prefix = '%m [%p] '",
      "log_checkpoints = off",
    ]
    if !isDurable {
      lines += ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
    }
    lines += settings.map { "\($0.name) = \(SQL.quoted(literal: $0.value))" }
    return lines.joined(separator: "\n") + "\n"
  }
}
