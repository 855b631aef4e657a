import Logging
import Workflow

/// Where the host's own log goes: stderr, so that stdout stays the command's. Secrets are hidden in it.
enum HostLog {
  static func logger(_ configuration: HostConfiguration) -> Logger {
    let redaction = Redaction(secrets: configuration.secrets)
    var logger = Logger(label: "weir") { RedactingLog(StreamLogHandler.standardError(label: $0), redaction: redaction) }
    logger.logLevel = Logger.Level(rawValue: configuration.logLevel) ?? .info
    return logger
  }
}
