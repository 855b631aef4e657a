public import struct FoundationEssentials.Date

/// When a failed request is tried again. Pure: the caller waits.
public struct RetryPolicy: Sendable, Equatable {
  /// Tries in all, the first included.
  public var attempts: Int
  /// Of the wait after the first failure; it doubles with each further one.
  public var base: Duration
  /// The longest wait by our own reckoning.
  public var cap: Duration
  /// The longest wait that a server may ask for by Retry-After; longer ones end the tries.
  public var patience: Duration

  public init(
    attempts: Int = 6, base: Duration = .milliseconds(100), cap: Duration = .seconds(10), patience: Duration = .seconds(60)
  ) {
    self.attempts = attempts
    self.base = base
    self.cap = cap
    self.patience = patience
  }

  /// Statuses after which the same request may succeed: 408, 425, 429 and 5xx but 501 and 505.
  public static func mayPass(status: Int) -> Bool {
    [408, 425, 429].contains(status) || (500..<600).contains(status) && status != 501 && status != 505
  }

  /// How long to wait after try `attempt` (from 1) failed; nil: no more.
  ///
  /// Full jitter: anything up to `base` doubled for each failure, so that many clients do not come back at once.
  /// - Parameters:
  ///   - retryAfter: what the server asked for, which is the least then.
  ///   - chance: 0 to 1.
  public func wait(after attempt: Int, retryAfter: Duration? = nil, chance: Double) -> Duration? {
    guard attempt < attempts else { return nil }
    let most = min(cap, base * Int(1 << min(attempt - 1, 30)))
    let jitter = most * chance
    guard let retryAfter else { return jitter }
    guard retryAfter <= patience else { return nil }
    return retryAfter + min(jitter, .seconds(1))
  }

  /// Retry-After, in seconds or as a date; nil: the answer has none.
  public static func retryAfter(_ head: HTTPHead, now: Date) -> Duration? {
    guard let text = head["retry-after"] else { return nil }
    if let seconds = Int(text) { return .seconds(max(0, min(seconds, 1_000_000))) }
    guard let date = HTTPDate.parse(text) else { return nil }
    return .seconds(max(0, date.timeIntervalSince(now)))
  }
}
