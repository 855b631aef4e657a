import Database
public import Workflow

/// One line of a task's log as it is shown.
public struct LogView: Sendable {
  public var id: Int64
  public var stage: String
  public var n: Int
  public var attempt: Int
  /// `debug`, `info`, `warning`, `error`.
  public var level: String
  public var message: String
  public var fields: RawJSON?
  public var at: String

  public var json: JSON {
    [
      "id": .string("\(id)"), "stage": .string(stage), "n": .number(JSONNumber(n)),
      "attempt": .number(JSONNumber(attempt)), "level": .string(level), "message": JSON(redacting: message),
      "fields": fields.map { Redaction.byForm.json($0.parsed()) } ?? .null, "at": .string(at),
    ]
  }
}

extension Views {
  private static let levels = ["debug", "info", "warning", "error"]

  /// Lines of a job's tasks in the order in which they were stored.
  /// - Parameters:
  ///   - stage: nil is all of them; `n` is a task of that stage, nil is all.
  ///   - minimumLevel: 0 debug to 3 error.
  ///   - after: the last id of the page before.
  /// - Throws: `.noJob`, `.noStage`.
  public func logs(
    job: Int64, stage: String? = nil, n: Int? = nil, minimumLevel: Int = 0, after: Int64 = 0, limit: Int = 200
  ) throws -> Page<LogView> {
    try database.transaction(access: .readOnly) { tx in
      let known = try tx.query("SELECT id, name FROM stages WHERE job_id = \(job)")
      guard !known.isEmpty else { throw EngineError(.noJob, subject: "\(job)") }
      var names: [Int64: String] = [:]
      for row in known { names[Int64(try row.int(0))] = try row.string(1) }
      let wanted = names.filter { stage == nil || $0.value == stage }.map(\.key)
      guard !wanted.isEmpty else {
        throw EngineError(.noStage(known: names.values.sorted()), subject: "\(job)/\(stage ?? "")")
      }
      var lines = try tx.query(
        """
        \(raw: Self.logColumns)
        WHERE stage_id = ANY(\(wanted)::bigint[]) AND (\(n)::int IS NULL OR n = \(n))
          AND level >= \(minimumLevel) AND id > \(after) ORDER BY id LIMIT \(limit + 1)
        """
      ).map { try Self.line($0, names) }
      let hasMore = lines.count > limit
      if hasMore { lines.removeLast() }
      return Page(elements: lines, next: hasMore ? lines.last.map { "\($0.id)" } : nil)
    }
  }

  /// Of all jobs' lines, so many are looked through for those of one job.
  private static let recentLines = 20_000

  /// The last lines of a job's tasks, the oldest of them first; of a job that logged nothing lately, the lines of its last tasks.
  ///
  /// Cost does not grow with what is kept: lines of one job have no index of their own.
  /// - Throws: `.noJob`.
  public func lastLogs(job: Int64, limit: Int) throws -> [LogView] {
    try database.transaction(access: .readOnly) { tx in
      let known = try tx.query("SELECT id, name FROM stages WHERE job_id = \(job)")
      guard !known.isEmpty else { throw EngineError(.noJob, subject: "\(job)") }
      var names: [Int64: String] = [:]
      for row in known { names[Int64(try row.int(0))] = try row.string(1) }
      let keys = Array(names.keys)
      let lately = try tx.query(
        """
        SELECT * FROM (\(raw: Self.logColumns) ORDER BY id DESC LIMIT \(Self.recentLines)) l
        WHERE stage_id = ANY(\(keys)::bigint[]) ORDER BY id DESC LIMIT \(limit)
        """
      ).map { try Self.line($0, names) }
      guard lately.isEmpty else { return lately.reversed() }
      return try tx.query(
        """
        SELECT l.* FROM unnest(\(keys)::bigint[]) AS k (id) CROSS JOIN LATERAL (
            \(raw: Self.logColumns) WHERE stage_id = k.id ORDER BY n DESC, id DESC LIMIT \(limit)) l
        ORDER BY l.id DESC LIMIT \(limit)
        """
      ).map { try Self.line($0, names) }.reversed()
    }
  }

  private static let logColumns: SQL = """
    SELECT id, stage_id, n, attempt, level, message, fields, \(raw: Views.time("at")) FROM task_logs
    """

  private static func line(_ row: Row, _ names: [Int64: String]) throws -> LogView {
    LogView(
      id: Int64(try row.int(0)), stage: names[Int64(try row.int(1))] ?? "", n: try row.int(2), attempt: try row.int(3),
      level: levels[try row.int(4)], message: try row.string(5),
      fields: try row.textOrNil(6).map { RawJSON(unchecked: $0[...]) }, at: try row.string(7))
  }
}
