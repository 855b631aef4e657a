internal import HandlerABI

/// Whether the task is to end soon. Every service call says so too; ask here in long computations.
public struct Cancellation {
  private let task: Task
  private let table: UnsafePointer<weir_cancel>?

  public enum Reason: Int32, Sendable {
    case user = 1
    case deadline, hostStopping
  }

  init(_ task: Task) {
    self.task = task
    table = task.table(.cancel, as: weir_cancel.self)
  }

  /// Costs nanoseconds: ask freely. nil: go on; without the service, always.
  public var reason: Reason? {
    guard let table, let pointer = task.pointer else { return nil }
    let code = table.pointee.requested(pointer)
    return code == 0 ? nil : Reason(rawValue: code) ?? .user
  }

  /// - Throws: `.cancelled` once the task is to end.
  public func check() throws(HandlerError) {
    if let reason { throw HandlerError(.cancelled, "cancelled: \(reason)") }
  }

  /// Becomes readable when the task is to end: poll it, never read or close it. nil without the service.
  public var descriptor: Int32? {
    guard let table, let pointer = task.pointer else { return nil }
    return table.pointee.fd(pointer)
  }
}

extension Task {
  public var cancellation: Cancellation { Cancellation(self) }
}
