/// A metric of a plugin's own domain as it stands in a job: `3,120 of 8,400 cells, 52 cells/s`.
public struct DomainFigure: Sendable, Hashable {
  /// The plugin that declares it.
  public var plugin: String
  /// `cells_done`.
  public var name: String
  /// For people: `Cells`.
  public var label: String
  /// `cells`, `bytes`, ...
  public var unit: String?
  /// What winning attempts reported, and what running ones say they have done, if the metric is live.
  public var value: Double
  /// What winning attempts reported: decimal text, exact; nil while there is nothing.
  public var exact: String?
  /// What `value` is a part of: then it is a bar.
  public var total: Double?
  /// Units a second, if one is declared and known.
  public var rate: Double?

  public init(
    plugin: String, name: String, label: String, unit: String? = nil, value: Double, exact: String? = nil, total: Double? = nil,
    rate: Double? = nil
  ) {
    self.plugin = plugin
    self.name = name
    self.label = label
    self.unit = unit
    self.value = value
    self.exact = exact
    self.total = total
    self.rate = rate
  }

  /// 0 to 1 of a bar; nil when it is none.
  public var fraction: Double? { total.map { $0 > 0 ? min(1, max(0, value / $0)) : 0 } }

  public var json: JSON {
    func number(_ value: Double?) -> JSON { value.map(JSON.init(_:)) ?? .null }
    return [
      "plugin": .string(plugin), "name": .string(name), "label": .string(label), "unit": unit.map(JSON.string) ?? .null,
      "value": number(value), "exact": exact.map(JSON.string) ?? .null, "total": number(total), "rate": number(rate),
    ]
  }
}
