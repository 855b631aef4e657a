/// What a schedule does when it is to fire while a job that it started before still runs.
public enum Overlap: String, Sendable, CaseIterable {
  case skip
  /// One waits until the running one has ended; further ones are skipped.
  case bufferOne = "buffer_one"
  case allow
  case cancelOld = "cancel_old"

  public enum Act: Sendable, Hashable {
    case submit
    case skip
    case buffer
    /// Cancels what runs, and submits.
    case replace
  }

  /// - Parameters:
  ///   - running: how many jobs of the schedule have not ended.
  ///   - isBuffered: whether one waits already.
  public func act(running: Int, isBuffered: Bool) -> Act {
    guard running > 0 else { return .submit }
    switch self {
    case .skip: return .skip
    case .bufferOne: return isBuffered ? .skip : .buffer
    case .allow: return .submit
    case .cancelOld: return .replace
    }
  }
}
