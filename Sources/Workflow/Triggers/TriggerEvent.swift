/// Something that happened and may start a workflow.
public struct TriggerEvent: Sendable, Hashable {
  /// What it is once, and no second time, for one trigger.
  public var key: String
  /// What it is, for people.
  public var subject: String
  /// Seconds since 1970.
  public var happenedAt: Double
  /// What `${event.NAME}` stands for.
  public var values: JSONObject

  public init(key: String, subject: String, happenedAt: Double, values: JSONObject) {
    self.key = key
    self.subject = subject
    self.happenedAt = happenedAt
    self.values = values
  }
}
