import Workflow

/// What a job, stage or task is: a colour, a drawing and the word, always all three.
struct StateBadge: Sendable {
  /// The words of a class of the style, which has a colour for it.
  private var look: String
  private var icon: Icon
  private var word: String

  var html: HTML { "<span class=\"badge s-\(look)\">\(icon.html)\(word)</span>" }

  private init(_ look: String, _ icon: Icon, _ word: String) {
    self.look = look
    self.icon = icon
    self.word = word
  }

  init(_ state: JobState, isCancelling: Bool = false) {
    if isCancelling, !state.isFinal {
      self.init("cancelled", .ban, "cancelling")
      return
    }
    switch state {
    case .queued: self.init("queued", .circle, "queued")
    case .running: self.init("running", .running, "running")
    case .paused: self.init("paused", .pause, "paused")
    case .completed: self.init("completed", .check, "completed")
    case .completedWithErrors: self.init("errors", .warning, "completed with errors")
    case .failed: self.init("failed", .cross, "failed")
    case .cancelled: self.init("cancelled", .ban, "cancelled")
    }
  }

  init(_ state: StageState) {
    switch state {
    case .waiting: self.init("waiting", .clock, "waiting")
    case .running: self.init("running", .running, "running")
    case .paused: self.init("paused", .pause, "paused")
    case .completed: self.init("completed", .check, "completed")
    case .failed: self.init("failed", .cross, "failed")
    case .skipped: self.init("cancelled", .skip, "skipped")
    case .cancelled: self.init("cancelled", .ban, "cancelled")
    }
  }

  init(_ state: TaskState) {
    switch state {
    case .queued: self.init("queued", .circle, "queued")
    case .running: self.init("running", .running, "running")
    case .retrying: self.init("retrying", .again, "retrying")
    case .completed: self.init("completed", .check, "completed")
    case .failed: self.init("failed", .cross, "failed")
    case .cancelled: self.init("cancelled", .ban, "cancelled")
    }
  }

  /// Of a host: `alive`, `stopping`, `late`, `stopped`, `lost`.
  init(host state: String) {
    switch state {
    case "alive": self.init("completed", .check, state)
    case "stopping": self.init("paused", .pause, state)
    case "late": self.init("retrying", .clock, state)
    case "lost": self.init("failed", .cross, state)
    default: self.init("cancelled", .ban, state)
    }
  }

  /// How an attempt ended.
  init(outcome: String) {
    switch outcome {
    case "completed": self.init("completed", .check, outcome)
    case "cancelled", "returned": self.init("cancelled", .ban, outcome)
    default: self.init("failed", .cross, outcome)
    }
  }
}
