import Database

/// A stage's counters as a transaction found them, with what decides what follows.
struct StageCounters {
  /// For RETURNING and SELECT over `stage_counters c`, `stages s` and `jobs j`.
  static let columns: SQL = """
    c.stage_id, s.job_id, s.name, s.state, s.tasks_total, s.items_total, c.expanded, c.queued, c.retrying, c.running,
    c.completed, c.failed, c.cancelled, c.items, c.rejects, c.failed_items, j.cancel_requested_at IS NOT NULL
    """

  var stageID: Int64
  var jobID: Int64
  var name: String
  var state: String
  var tasksTotal: Int
  var itemsTotal: Int?
  var expanded: Int
  var queued: Int
  var retrying: Int
  var running: Int
  var completed: Int
  var failed: Int
  var cancelled: Int
  var items: Int
  var rejects: Int
  var failedItems: Int
  var isCancelling: Bool

  init(_ row: Row) throws {
    stageID = Int64(try row.int(0))
    jobID = Int64(try row.int(1))
    name = try row.string(2)
    state = try row.string(3)
    tasksTotal = try row.intOrNil(4) ?? 0
    itemsTotal = try row.intOrNil(5)
    expanded = try row.int(6)
    queued = try row.int(7)
    retrying = try row.int(8)
    running = try row.int(9)
    completed = try row.int(10)
    failed = try row.int(11)
    cancelled = try row.int(12)
    items = try row.int(13)
    rejects = try row.int(14)
    failedItems = try row.int(15)
    isCancelling = try row.bool(16)
  }

  /// Whether it has begun and not ended.
  var isOpen: Bool { state == "running" || state == "paused" }
  /// Whether every task has ended and the stage has not.
  var isDone: Bool { isOpen && completed + failed + cancelled == tasksTotal }
  /// What `tolerate` counts.
  var errors: Int { rejects + failedItems }
  /// What a tolerated percentage is of.
  var elements: Int { itemsTotal ?? max(items + rejects, failedItems) }
}
