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
      var lines = try tx.query(Self.lines(of: wanted, n: n, minimumLevel: minimumLevel, after: after, limit: limit + 1))
        .map { try Self.line($0, names) }
      let hasMore = lines.count > limit
      if hasMore { lines.removeLast() }
      return Page(elements: lines, next: hasMore ? lines.last.map { "\($0.id)" } : nil)
    }
  }

  /// Stage by stage, each by its index, so that cost grows with the lines that are asked for and not with those that are kept.
  static func lines(of stages: [Int64], n: Int?, minimumLevel: Int, after: Int64, limit: Int) -> SQL {
    // a task has few lines, which are read whole by the index of tasks: in the order of their ids all of the stage would be looked through
    let (task, order): (SQL, SQL) = n.map { ("AND n = \($0)", "id + 0") } ?? ("", "id")
    return """
      SELECT l.* FROM unnest(\(stages)::bigint[]) AS k (id) CROSS JOIN LATERAL (
          \(raw: logColumns) WHERE stage_id = k.id \(raw: task) AND level >= \(minimumLevel) AND id > \(after)
          ORDER BY \(raw: order) LIMIT \(limit)) l
      ORDER BY l.id LIMIT \(limit)
      """
  }

  /// The last lines of a job's tasks, the oldest of them first.
  func lastLogs(of job: JobView, limit: Int, in tx: Transaction) throws -> [LogView] {
    let names = Dictionary(job.stages.map { ($0.key, $0.id) }) { first, _ in first }
    return try tx.query(Self.lastLines(of: job.stages.map(\.key), limit: limit)).map { try Self.line($0, names) }.reversed()
  }

  static func lastLines(of stages: [Int64], limit: Int) -> SQL {
    """
    SELECT l.* FROM unnest(\(stages)::bigint[]) AS k (id) CROSS JOIN LATERAL (
        \(raw: logColumns) WHERE stage_id = k.id ORDER BY id DESC LIMIT \(limit)) l
    ORDER BY l.id DESC LIMIT \(limit)
    """
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
