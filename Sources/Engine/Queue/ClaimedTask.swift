/// One task in the hands of a host: an open attempt.
public struct ClaimedTask: Sendable, Hashable {
  /// The attempt's token: whatever the attempt writes is refused once it is no longer the task's.
  public var token: Int64
  public var stageID: Int64
  /// The task's number in its stage, from 0.
  public var n: Int
  /// 1 on the first try; counts every attempt that was opened.
  public var attempt: Int
  /// Of the attempts before, those that count against `retry.attempts`.
  public var failures: Int
  /// Of those, the ones that took their runner with them.
  public var kills: Int

  public init(token: Int64, stageID: Int64, n: Int, attempt: Int, failures: Int, kills: Int) {
    self.token = token
    self.stageID = stageID
    self.n = n
    self.attempt = attempt
    self.failures = failures
    self.kills = kills
  }
}
