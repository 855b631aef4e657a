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
  /// The metric that this one is a part of, `bytes_listed`: the two are a bar.
  public var of: String?
  /// Whether it is shown by second, too.
  public var hasRate: Bool
  /// The handler whose `weir.progress/1` counts in this metric's unit: what its running tasks say they have done is added where it is shown.
  public var live: String?

  public init(
    name: String, unit: String? = nil, aggregate: Aggregate = .sum, label: String? = nil, of: String? = nil, hasRate: Bool = false,
    live: String? = nil
  ) {
    self.name = name
    self.unit = unit
    self.aggregate = aggregate
    self.label = label
    self.of = of
    self.hasRate = hasRate
    self.live = live
  }

  /// What `json` wrote; nil when it is none.
  public init?(_ json: JSON) {
    guard let name = json["name"]?.stringValue else { return nil }
    self.init(
      name: name, unit: json["unit"]?.stringValue, aggregate: json["aggregate"]?.stringValue.flatMap(Aggregate.init) ?? .sum,
      label: json["label"]?.stringValue, of: json["of"]?.stringValue, hasRate: json["rate"]?.boolValue ?? false,
      live: json["live"]?.stringValue)
  }

  public var json: JSON {
    var object = JSONObject([("name", .string(name))])
    if let unit { object.append("unit", .string(unit)) }
    object.append("aggregate", .string(aggregate.rawValue))
    if let label { object.append("label", .string(label)) }
    if let of { object.append("of", .string(of)) }
    if hasRate { object.append("rate", true) }
    if let live { object.append("live", .string(live)) }
    return .object(object)
  }
}
