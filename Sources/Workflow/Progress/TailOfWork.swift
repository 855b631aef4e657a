/// What may keep a stage going after most of its work is done.
public struct TailOfWork: Sendable, Hashable {
  /// The longest of its tasks so far; zero when none has ended.
  public var longestTask: Duration
  /// Of the attempts that ended, how many were to be tried again: 0 to 1.
  public var retryShare: Double
  /// What a task waits before it is tried again, on average.
  public var backoff: Duration

  public init(longestTask: Duration = .zero, retryShare: Double = 0, backoff: Duration = .zero) {
    self.longestTask = longestTask
    self.retryShare = retryShare
    self.backoff = backoff
  }
}
