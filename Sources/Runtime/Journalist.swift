import Engine
import Logging
import Runners
import Synchronization
import Workflow

/// Gathers what attempts say and stores it in batches; bounded, so that a flood of lines costs lines and not the host.
final class Journalist: Sendable {
  private struct State {
    var lines: [Journal.Line] = []
    var dropped = 0
    var progress: [Int64: Journal.Progress] = [:]
  }

  /// Lines that wait for the database at most; later ones are dropped and counted.
  private static let capacity = 20_000

  private let journal: Journal
  private let logger: Logger
  private let state = Mutex(State())

  init(journal: Journal, logger: Logger) {
    self.journal = journal
    self.logger = logger
  }

  func log(_ line: LogLine, of inFlight: InFlightTask?) {
    guard let inFlight else {
      logger.log(level: line.level.severity, "A plugin says", metadata: ["plugin": "\(line.plugin)", "message": "\(line.message)"])
      return
    }
    logger.debug(
      "A task says",
      metadata: ["task": "\(inFlight.plan.taskID(inFlight.task.n))", "level": "\(line.level)", "message": "\(line.message)"])
    let entry = Journal.Line(
      stageID: inFlight.task.stageID, n: inFlight.task.n, attempt: inFlight.task.attempt, level: Int(line.level.rawValue),
      message: line.message, fields: line.fields?.text)
    state.withLock { state in
      if state.lines.count < Self.capacity { state.lines.append(entry) } else { state.dropped += 1 }
    }
  }

  func startFailed(_ plugin: String, _ message: String, _ delay: Duration) {
    logger.error("Cannot start a runner", metadata: ["plugin": "\(plugin)", "reason": "\(message)", "again.in": "\(delay)"])
  }

  func progress(of inFlight: InFlightTask, done: UInt64, total: UInt64, note: String?) {
    let report = Journal.Progress(
      token: inFlight.task.token, stageID: inFlight.task.stageID, n: inFlight.task.n, done: done, total: total, note: note)
    state.withLock { $0.progress[report.token] = report }
  }

  /// Stores what has gathered. What cannot be stored is kept for the next time, as far as it fits.
  func flush() {
    let batch = state.withLock { state in
      defer { state = State() }
      return state
    }
    if batch.dropped > 0 {
      logger.warning("Dropped log lines of tasks", metadata: ["lines": "\(batch.dropped)"])
    }
    do {
      try journal.append(batch.lines)
    } catch {
      logger.warning("Cannot store log lines", metadata: ["error": "\(String(reflecting: error))"])
      state.withLock { $0.lines = Array((batch.lines + $0.lines).prefix(Self.capacity)) }
    }
    do {
      try journal.report(Array(batch.progress.values))
    } catch {
      // the next report of each attempt says all that these said
      logger.warning("Cannot store progress", metadata: ["error": "\(String(reflecting: error))"])
    }
  }
}

extension LogLine.Level {
  fileprivate var severity: Logger.Level {
    switch self {
    case .debug: .debug
    case .info: .info
    case .warning: .warning
    case .error: .error
    }
  }
}
