import Database

/// What attempts say while they run: log lines and progress. Seen at once, and kept whatever becomes of the attempt.
public final class Journal: Sendable {
  private let database: Database

  init(database: Database) {
    self.database = database
  }

  /// One line of a task's log.
  public struct Line: Sendable {
    public var stageID: Int64
    public var n: Int
    public var attempt: Int
    /// 0 debug, 1 info, 2 warning, 3 error.
    public var level: Int
    public var message: String
    /// A JSON object, or nil.
    public var fields: String?

    public init(stageID: Int64, n: Int, attempt: Int, level: Int, message: String, fields: String?) {
      self.stageID = stageID
      self.n = n
      self.attempt = attempt
      self.level = level
      self.message = message
      self.fields = fields
    }
  }

  /// How far an attempt is, in its handler's own unit.
  public struct Progress: Sendable {
    public var token: Int64
    public var stageID: Int64
    public var n: Int
    public var done: UInt64
    /// 0: unknown.
    public var total: UInt64
    public var note: String?

    public init(token: Int64, stageID: Int64, n: Int, done: UInt64, total: UInt64, note: String?) {
      self.token = token
      self.stageID = stageID
      self.n = n
      self.done = done
      self.total = total
      self.note = note
    }
  }

  /// Stores lines in their order. Not waited for on disk: a crash of the server may lose the last fifth of a second.
  public func append(_ lines: [Line]) throws {
    guard !lines.isEmpty else { return }
    try database.transaction { tx in
      try tx.execute("SET LOCAL synchronous_commit = off")
      try tx.execute(
        """
        INSERT INTO task_logs (stage_id, n, attempt, level, message, fields)
        SELECT * FROM unnest(\(lines.map(\.stageID))::bigint[], \(lines.map(\.n))::int[],
            \(lines.map(\.attempt))::int[], \(lines.map { min(max($0.level, 0), 3) })::smallint[],
            \(lines.map { $0.message.filter { $0 != "\0" } })::text[], \(lines.map(\.fields))::text[])
        """)
    }
  }

  /// Stores where attempts are: the last report of each, as long as it runs.
  public func report(_ reports: [Progress]) throws {
    guard !reports.isEmpty else { return }
    try database.transaction { tx in
      try tx.execute("SET LOCAL synchronous_commit = off")
      try tx.execute(
        """
        INSERT INTO progress (token, stage_id, n, done, total, note)
        SELECT t.* FROM unnest(\(reports.map(\.token))::bigint[], \(reports.map(\.stageID))::bigint[],
            \(reports.map(\.n))::int[], \(reports.map { String($0.done) })::numeric[],
            \(reports.map { String($0.total) })::numeric[], \(reports.map { $0.note?.filter { $0 != "\0" } })::text[])
            AS t (token, stage_id, n, done, total, note) JOIN leases l ON l.token = t.token FOR KEY SHARE OF l
        ON CONFLICT (token) DO UPDATE SET
            done = excluded.done, total = excluded.total, note = excluded.note, reported_at = now()
        """)
    }
  }
}
