/// Who the pool reports to. Every function is called on the pool's thread and must not block.
public protocol RunnerDelegate: AnyObject, Sendable {
  /// Attempts that ended, gathered over one turn of the loop. Each submitted task comes back here exactly once.
  func outcomes(_ batch: [Outcome])
  /// A handler asks a service; answer later, from any thread.
  func call(_ call: ServiceCall)
  func emitted(_ chunk: EmittedChunk)
  func logged(_ line: LogLine)
  /// `total` 0: unknown.
  func progressed(token: Int64, done: UInt64, total: UInt64, note: String?)
  /// The pool would take more tasks now than it would before.
  func slotsFreed()
  /// A runner of this build could not be started; the pool tries again after `delay`. Its tasks came back as `returned`.
  func startFailed(_ build: RunnerBuild, message: String, delay: Duration)
}

extension RunnerDelegate {
  public func call(_ call: ServiceCall) {
    call.refuse(call.name + " is not served here")
  }
  public func emitted(_ chunk: EmittedChunk) { chunk.credit() }
  public func logged(_ line: LogLine) {}
  public func progressed(token: Int64, done: UInt64, total: UInt64, note: String?) {}
  public func slotsFreed() {}
  public func startFailed(_ build: RunnerBuild, message: String, delay: Duration) {}
}
