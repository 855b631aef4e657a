/// How an attempt ended, in the words of the `attempts` table.
public enum AttemptEnd: String, Sendable, CaseIterable {
  /// The handler returned WEIR_OK.
  case completed
  /// It returned a status of class 1 or 2, or 4 without having been asked to stop.
  case failed
  /// It returned a status of class 3: the params are at fault.
  case invalid
  /// Its process died by a signal or left.
  case crashed
  case timeout
  case memory
  /// The runner sent what no runner sends.
  case protocolBroken = "protocol"
  /// It ended with its host.
  case lost
  case cancelled
  /// It was given back before or during the call, because the host stops or the runner died before its turn.
  case returned

  /// The ends of a task that failed.
  public static let failures: [AttemptEnd] = [.failed, .invalid, .crashed, .timeout, .memory, .protocolBroken, .lost]

  /// Whether the attempt took its runner's process with it.
  public var killedRunner: Bool { self == .crashed || self == .memory || self == .protocolBroken }
}

/// What becomes of a task after an attempt.
public enum TaskVerdict: Sendable, Equatable {
  case completed
  /// Another attempt after the delay. `isCounted`: it uses up one of `retry.attempts`.
  case again(after: Duration, isCounted: Bool)
  case failed
  case cancelled
}

/// Decides what becomes of a task after an attempt that did not succeed.
public struct RetryDecision: Sendable {
  /// Attempts at most, of those that count.
  public var attempts: Int
  public var backoff: Duration
  public var cap: Duration
  /// Whether running twice equals running once (WEIR_IDEMPOTENT).
  public var isIdempotent: Bool

  public init(attempts: Int, backoff: Duration, cap: Duration, isIdempotent: Bool) {
    self.attempts = attempts
    self.backoff = backoff
    self.cap = cap
    self.isIdempotent = isIdempotent
  }

  /// - Parameters:
  ///   - failures: counted attempts before this one.
  ///   - kills: of those, attempts that took their runner with them.
  ///   - isTransient: the handler returned a status of class 1: another try may help.
  ///   - retryAfter: the least delay, as the handler or a service told.
  ///   - chance: a random number in 0..<1, for full jitter.
  public func verdict(
    _ end: AttemptEnd, failures: Int, kills: Int, isTransient: Bool, retryAfter: Duration? = nil, chance: Double
  ) -> TaskVerdict {
    switch end {
    case .completed: return .completed
    case .cancelled: return .cancelled
    case .returned: return .again(after: .zero, isCounted: false)
    case .lost: return isIdempotent ? .again(after: .zero, isCounted: false) : .failed
    case .invalid: return .failed
    case .failed: if !isTransient { return .failed }
    case .crashed, .memory, .protocolBroken:
      // poison: whatever attempts remain, a task that killed two runners does not get a third
      if !isIdempotent || kills >= 1 { return .failed }
    case .timeout: if !isIdempotent { return .failed }
    }
    guard failures + 1 < attempts else { return .failed }
    return .again(after: max(delay(failures: failures, chance: chance), retryAfter ?? .zero), isCounted: true)
  }

  /// Exponential with full jitter: anywhere between nothing and `backoff * 2^failures`, at most `cap`.
  /// - Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
  private func delay(failures: Int, chance: Double) -> Duration {
    var ceiling = backoff
    for _ in 0..<min(failures, 32) where ceiling < cap { ceiling = ceiling * 2 }
    return min(ceiling, cap) * chance
  }
}
