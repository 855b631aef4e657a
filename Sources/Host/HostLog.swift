import Logging
import Workflow

/// Where the host's own log goes: stderr, so that stdout stays the command's.
enum HostLog {
  static func logger(_ configuration: HostConfiguration) -> Logger {
    var logger = Logger(label: "weir") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = Logger.Level(rawValue: configuration.logLevel) ?? .info
    return logger
  }
}
