/// What a backfill does about times to fire that had a job already.
public enum Reprocess: String, Sendable, CaseIterable {
  /// Leaves them alone.
  case none
  /// Runs those again whose job did not complete.
  case failed
  /// Runs all of them again.
  case completed

  /// Whether a time is run.
  /// - Parameter last: how the last job of that time stands; nil: it had none.
  public func runs(after last: JobState?) -> Bool {
    guard let last else { return true }
    guard last.isFinal else { return false }
    switch self {
    case .none: return false
    case .failed: return last != .completed && last != .completedWithErrors
    case .completed: return true
    }
  }
}
