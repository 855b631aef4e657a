internal import HandlerABI

/// Structured lines in the task's log, kept even if the task fails. Without the service they are dropped.
public struct Log {
  private let task: Task
  private let table: UnsafePointer<weir_log>?

  public enum Level: Int32, Sendable, Comparable {
    case debug, info, warning, error

    public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  init(_ task: Task) {
    self.task = task
    table = task.table(.log, as: weir_log.self)
  }

  public func debug(_ message: String, _ fields: KeyValuePairs<String, JSONText?> = [:]) { write(.debug, message, fields) }
  public func info(_ message: String, _ fields: KeyValuePairs<String, JSONText?> = [:]) { write(.info, message, fields) }
  public func warning(_ message: String, _ fields: KeyValuePairs<String, JSONText?> = [:]) { write(.warning, message, fields) }
  public func error(_ message: String, _ fields: KeyValuePairs<String, JSONText?> = [:]) { write(.error, message, fields) }

  private func write(_ level: Level, _ message: String, _ fields: KeyValuePairs<String, JSONText?>) {
    guard let table, let pointer = task.pointer, level.rawValue >= Int32(clamping: table.pointee.min_level) else { return }
    let text = fields.isEmpty ? nil : JSONText.object(fields).text
    HostBytes.lend(text) { table.pointee.log(pointer, level.rawValue, message, $0) }
  }
}

extension Task {
  public var log: Log { Log(self) }
}
