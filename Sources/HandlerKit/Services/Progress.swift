internal import HandlerABI

/// How far the task is, in the handler's own unit. Each report is also a heartbeat. Without the service it says nothing.
public struct Progress {
  private let task: Task
  private let table: UnsafePointer<weir_progress>?

  init(_ task: Task) {
    self.task = task
    table = task.table(.progress, as: weir_progress.self)
  }

  /// `total` 0: unknown.
  /// - Throws: `.cancelled` once the task is to end.
  public func report(_ done: Int, of total: Int = 0, _ note: String = "") throws(HandlerError) {
    guard let table else { return }
    let pointer = try task.live()
    try task.require(table.pointee.report(pointer, UInt64(clamping: done), UInt64(clamping: total), note), "progress")
  }
}

extension Task {
  public var progress: Progress { Progress(self) }
}
