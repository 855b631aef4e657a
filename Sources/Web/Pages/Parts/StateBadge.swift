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

  /// Of the version of a dataset that is current.
  static let isSeen = StateBadge("completed", .check, "readers see it")
  /// Of a schedule that fires when its time comes.
  static let waits = StateBadge("waiting", .clock, "waits")

  init(_ state: DatasetCadence.State) {
    switch state {
    case .updating: self.init("running", .running, "updating")
    case .missing: self.init("waiting", .clock, "no version yet")
    case .unscheduled: self.init("queued", .circle, "by hand")
    case .off: self.init("paused", .pause, "schedule off")
    case .fresh: self.init("completed", .check, "up to date")
    case .late: self.init("retrying", .clock, "late")
    }
  }

  /// Of an update: `started`, `downloading`, `processing`, `completed`, `failed`, `skipped`, `cancelled`.
  init(update status: String) {
    switch status {
    case "completed": self.init("completed", .check, status)
    case "failed": self.init("failed", .cross, status)
    case "skipped": self.init("cancelled", .skip, "nothing new")
    case "cancelled": self.init("cancelled", .ban, status)
    default: self.init("running", .running, status)
    }
  }

  /// Of a time that a backfill would run, or leave out.
  init(wouldRun: Bool) {
    self = wouldRun ? StateBadge("waiting", .clock, "would run") : StateBadge("cancelled", .skip, "left out")
  }

  /// Of a time to fire: `submitted`, `skipped`, `missed`, `buffered`, `failed`.
  init(fire outcome: String) {
    switch outcome {
    case "submitted": self.init("completed", .check, outcome)
    case "failed": self.init("failed", .cross, outcome)
    case "missed": self.init("retrying", .warning, outcome)
    case "buffered": self.init("waiting", .clock, outcome)
    default: self.init("cancelled", .skip, outcome)
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
