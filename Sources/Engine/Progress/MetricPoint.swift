public import Workflow

/// A job at one moment of its past.
public struct MetricPoint: Sendable {
  /// RFC 3339 in UTC.
  public var at: String
  /// Of all stages that had begun.
  public var counts: TaskCounts
  /// Tasks that ended a second, since the point before; nil of the first.
  public var rate: Double?
  public var items: Int
  public var rejects: Int
  /// What winning attempts had reported, by the metric's name.
  public var domain: [String: Double]

  public var json: JSON {
    [
      "at": .string(at), "tasks": counts.json, "rate": JSON(orNull: rate), "items": .number(JSONNumber(items)),
      "rejects": .number(JSONNumber(rejects)),
      "domain": .object(JSONObject(domain.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) })),
    ]
  }
}
