/// What a job can be.
public enum JobState: String, Sendable, CaseIterable {
  case queued, running, paused, completed
  case completedWithErrors = "completed_with_errors"
  case failed, cancelled

  public var isFinal: Bool {
    switch self {
    case .queued, .running, .paused: false
    case .completed, .completedWithErrors, .failed, .cancelled: true
    }
  }
}

/// What a stage of a job can be.
public enum StageState: String, Sendable, CaseIterable {
  case waiting, running, paused, completed, failed, skipped, cancelled

  public var isFinal: Bool {
    switch self {
    case .waiting, .running, .paused: false
    case .completed, .failed, .skipped, .cancelled: true
    }
  }
}

/// What a task of a stage can be. `queued` includes tasks that have no row yet.
public enum TaskState: String, Sendable, CaseIterable {
  case queued, running, retrying, completed, failed, cancelled
}
