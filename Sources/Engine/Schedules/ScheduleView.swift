public import Workflow

/// A schedule as it is shown.
public struct ScheduleView: Sendable {
  public var id: Int64
  public var name: String
  public var settings: ScheduleSettings
  /// Moved by every change of the settings.
  public var generation: Int
  public var changedAt: String
  public var changedBy: String
  public var paused: Pause?
  /// RFC 3339; nil: none comes.
  public var nextAt: String?
  public var bufferedAt: String?

  public var json: JSON {
    guard case .object(var object) = settings.json else { return .null }
    for (key, value): (String, JSON) in [
      ("name", .string(name)), ("generation", JSON(generation)), ("changed_at", .string(changedAt)), ("changed_by", .string(changedBy)),
      ("paused", paused?.json ?? .null), ("next_at", JSON(orNull: paused == nil ? nextAt : nil)), ("buffered_at", JSON(orNull: bufferedAt)),
    ] { object.append(key, value) }
    return .object(object)
  }
}

/// A time to fire as it is shown: what became of it, or what will.
public struct FireView: Sendable {
  public var at: String
  public var local: String
  public var mark: String?
  /// `submitted`, `skipped`, `missed`, `buffered`, `failed`; nil: it has not come.
  public var outcome: String?
  public var isLate = false
  public var why: String?
  public var jobID: Int64?

  public var json: JSON {
    [
      "at": .string(at), "local": .string(local), "mark": JSON(orNull: mark), "outcome": JSON(orNull: outcome), "late": .bool(isLate),
      "why": JSON(orNull: why), "job_id": JSON(orNull: jobID.map(String.init)),
    ]
  }
}
