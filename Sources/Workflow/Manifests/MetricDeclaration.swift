/// A metric of the plugin's own domain that its handlers may report: cells, tiles, bytes.
public struct MetricDeclaration: Sendable, Hashable {
  /// How the values of a job's tasks become one; `last` is the value of the task that ended last.
  public enum Aggregate: String, Sendable, Hashable, CaseIterable {
    case sum, min, max, last
  }

  /// `bytes_copied`.
  public var name: String
  /// `bytes`, `files`, `cells`: what stands behind the number.
  public var unit: String?
  public var aggregate: Aggregate
  /// For people: `Bytes copied`.
  public var label: String?

  public init(name: String, unit: String? = nil, aggregate: Aggregate = .sum, label: String? = nil) {
    self.name = name
    self.unit = unit
    self.aggregate = aggregate
    self.label = label
  }

  public var json: JSON {
    var object = JSONObject([("name", .string(name))])
    if let unit { object.append("unit", .string(unit)) }
    object.append("aggregate", .string(aggregate.rawValue))
    if let label { object.append("label", .string(label)) }
    return .object(object)
  }
}
