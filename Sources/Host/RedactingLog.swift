import Logging
import Workflow

/// A log in which secrets are hidden before a line is written.
struct RedactingLog: LogHandler {
  private var log: any LogHandler
  private let redaction: Redaction

  init(_ log: any LogHandler, redaction: Redaction) {
    self.log = log
    self.redaction = redaction
  }

  var logLevel: Logger.Level {
    get { log.logLevel }
    set { log.logLevel = newValue }
  }

  var metadata: Logger.Metadata {
    get { log.metadata }
    set { log.metadata = newValue.mapValues(redacted) }
  }

  var metadataProvider: Logger.MetadataProvider? {
    get { log.metadataProvider }
    set { log.metadataProvider = newValue }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { log[metadataKey: key] }
    set { log[metadataKey: key] = newValue.map(redacted) }
  }

  func log(event: LogEvent) {
    var event = event
    event.message = "\(redaction.text(event.message.description))"
    event.metadata = event.metadata?.mapValues(redacted)
    // its own text would be written as it is
    if let error = event.error {
      event.error = nil
      event.metadata = (event.metadata ?? [:]).merging(["error": "\(redaction.text(String(reflecting: error)))"]) { $1 }
    }
    log.log(event: event)
  }

  private func redacted(_ value: Logger.Metadata.Value) -> Logger.Metadata.Value {
    switch value {
    case .dictionary(let values): .dictionary(values.mapValues(redacted))
    case .array(let values): .array(values.map(redacted))
    default: .string(redaction.text("\(value)"))
    }
  }
}
