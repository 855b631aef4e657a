/// How often a task is tried, and how long it waits before the next try.
public struct RetryPolicy: Sendable, Hashable {
  /// Tries in all, the first included.
  public var attempts: Int
  /// The longest wait before the second try; it doubles with every further one.
  public var backoff: Duration
  /// The longest wait there is.
  public var cap: Duration

  public init(attempts: Int = 3, backoff: Duration = .seconds(2), cap: Duration = .seconds(300)) {
    self.attempts = attempts
    self.backoff = backoff
    self.cap = cap
  }

  public var json: JSON {
    .object(
      JSONObject([
        ("attempts", .number(JSONNumber(attempts))), ("backoff", .string(DurationText.text(of: backoff))),
        ("cap", .string(DurationText.text(of: cap))),
      ]))
  }
}
