import Database
public import Workflow

/// A trigger as it is shown.
public struct TriggerView: Sendable {
  public var id: Int64
  public var name: String
  public var settings: TriggerSettings
  /// Moved by every change of the settings.
  public var generation: Int
  public var changedAt: String
  public var changedBy: String
  public var paused: Pause?
  /// Of objects: when the last whole look at them ended, and why the last one was none.
  public var lookedAt: String?
  public var error: String?

  static let columns: SQL = """
    t.id, t.name, t.settings, t.generation, \(raw: Views.time("t.changed_at")), t.changed_by, \(raw: Views.time("t.paused_at")),
    t.paused_by, t.paused_why, \(raw: Views.time("t.looked_at")), t.error
    """

  init(_ row: Row) throws {
    id = Int64(try row.int(0))
    name = try row.string(1)
    settings = try TriggerSettings(JSON(parsing: Array(row.string(2).utf8)))
    generation = try row.int(3)
    changedAt = try row.string(4)
    changedBy = try row.string(5)
    paused = try row.stringOrNil(6).map { Pause(at: $0, by: try row.string(7), why: try row.stringOrNil(8)) }
    lookedAt = try row.stringOrNil(9)
    error = try row.stringOrNil(10)
  }

  public var json: JSON {
    var object = JSONObject([("name", .string(name))])
    for (key, value) in settings.json.objectValue?.members ?? [] { object.append(key, value) }
    let rest: [(String, JSON)] = [
      ("generation", JSON(generation)), ("changed_at", .string(changedAt)), ("changed_by", .string(changedBy)),
      ("paused", paused?.json ?? .null), ("looked_at", JSON(orNull: lookedAt)), ("error", JSON(redacting: error)),
    ]
    for (key, value) in rest { object.append(key, value) }
    return .object(object)
  }
}

/// What became of an event.
public struct TriggerEventView: Sendable {
  public var subject: String
  public var happenedAt: String
  /// `submitted`, `skipped`, `failed`.
  public var outcome: String
  public var why: String?
  public var jobID: Int64?
  public var decidedAt: String

  public var json: JSON {
    [
      "subject": .string(subject), "happened_at": .string(happenedAt), "outcome": .string(outcome), "why": JSON(orNull: why),
      "job_id": JSON(orNull: jobID.map(String.init)), "decided_at": .string(decidedAt),
    ]
  }
}
