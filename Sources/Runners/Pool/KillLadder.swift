/// Why the host ends a task before it returned.
enum StopCause: Sendable, Equatable {
  case cancelled
  case hostStopping
  case timeout(Duration)
  case noProgress(Duration)
  case memory(usedMB: Int, limitMB: Int)
  case protocolBroken(String)
  /// The host gave up its lease: no grace.
  case abandoned

  /// What the handler is told, and is given time to obey; nil: killed at once.
  var reason: CancelReason? {
    switch self {
    case .cancelled: .user
    case .hostStopping: .hostStopping
    case .timeout, .noProgress: .deadline
    case .memory, .protocolBroken, .abandoned: nil
    }
  }
}

/// The rungs between a running task and its end: asked to stop, and killed when the grace period is over.
///
/// Decides only; the runner carries out what it returns.
struct KillLadder: Equatable {
  enum Action: Equatable {
    /// Set the cancel flag and descriptor, and answer the pending service calls `WEIR_CANCELLED`.
    case ask(CancelReason)
    /// SIGKILL to the process group.
    case kill
  }

  private(set) var cause: StopCause?
  private(set) var isKilled = false
  /// The shortest that was given.
  private(set) var grace: Nanoseconds = .max
  /// When the grace period is over.
  private(set) var killAt: Nanoseconds?

  /// The first cause stands; a later one can only shorten the grace period.
  mutating func stop(_ cause: StopCause, now: Nanoseconds, grace: Nanoseconds) -> Action? {
    if isKilled { return nil }
    guard let reason = cause.reason else {
      if self.cause == nil || self.cause?.reason != nil { self.cause = cause }
      return kill()
    }
    self.grace = min(self.grace, grace)
    guard self.cause == nil else {
      killAt = min(killAt ?? .max, now + grace)
      return nil
    }
    self.cause = cause
    killAt = now + grace
    return .ask(reason)
  }

  mutating func tick(now: Nanoseconds) -> Action? {
    guard let killAt, now >= killAt else { return nil }
    return kill()
  }

  /// The task in hand returned: its cause, and the ladder is as new for the next one.
  mutating func taskReturned() -> StopCause? {
    if isKilled { return cause }
    defer { self = KillLadder() }
    return cause
  }

  private mutating func kill() -> Action? {
    if isKilled { return nil }
    isKilled = true
    killAt = nil
    return .kill
  }
}
