/// What a version must be like before readers may see it.
package struct VersionRules {
  private let config: SourceConfig
  private let current: CurrentVersion?

  package init(config: SourceConfig, current: CurrentVersion?) { (self.config, self.current) = (config, current) }

  /// What was loaded.
  package struct Facts {
    /// Of the version; by upsert also those that the source says nothing about.
    package var rows: Int
    /// Of the source.
    package var read: Int
    /// Of those, without a geometry of the kind asked for.
    package var emptied: Int
    package var bounds: [Double]?

    package init(rows: Int, read: Int, emptied: Int, bounds: [Double]?) {
      (self.rows, self.read, self.emptied, self.bounds) = (rows, read, emptied, bounds)
    }
  }

  /// A hundredth without geometry is what real sources have; half of the extent is a country too few.
  private static let mostEmptied = 0.01, leastExtent = 0.5
  /// Sources write 180.00000000000006.
  private static let slack = 1e-6

  package func problems(_ facts: Facts) -> [String] { rows(facts.rows) + geometry(facts) + extent(facts.bounds) }

  /// Columns that are not there.
  package func missing(among columns: [String]) -> [String] {
    ((config.required ?? []) + config.keyColumns).reduce(into: []) { missing, column in
      if !columns.contains(column), !missing.contains(column) { missing.append(column) }
    }
  }

  private func rows(_ count: Int) -> [String] {
    var problems: [String] = []
    let least = config.rows?.least ?? 1
    if count < least { problems.append("\(count) rows, at least \(least) are expected") }
    if let most = config.rows?.most, count > most { problems.append("\(count) rows, at most \(most) are expected") }
    if let change = config.mostChange, let current, current.rowCount > 0 {
      let difference = Double(abs(count - current.rowCount)) / Double(current.rowCount)
      if difference > change {
        problems.append("\(count) rows, the version before has \(current.rowCount), and they may differ by \(config.rows?.change ?? "")")
      }
    }
    return problems
  }

  private func geometry(_ facts: Facts) -> [String] {
    guard config.kind != "any", facts.read > 0, Double(facts.emptied) > Self.mostEmptied * Double(facts.read) else { return [] }
    return ["\(facts.emptied) of \(facts.read) rows have no \(config.kind) that can be read in EPSG:4326"]
  }

  private func extent(_ bounds: [Double]?) -> [String] {
    guard let bounds, bounds.count == 4 else { return [] }
    let limits = [-180.0, -90, 180, 90]
    let isOutside =
      bounds[0] < limits[0] - Self.slack || bounds[1] < limits[1] - Self.slack || bounds[2] > limits[2] + Self.slack
      || bounds[3] > limits[3] + Self.slack || bounds.contains { !$0.isFinite }
    let shown = bounds.map { "\(($0 * 1000).rounded() / 1000)" }.joined(separator: ", ")
    if isOutside { return ["its bounds \(shown) are not on Earth: the source's reference system is missing or wrong"] }
    guard config.mostChange != nil, let before = current?.bounds, before.count == 4, let area = Self.area(before), area > 0 else {
      return []
    }
    let common = [max(bounds[0], before[0]), max(bounds[1], before[1]), min(bounds[2], before[2]), min(bounds[3], before[3])]
    if (Self.area(common) ?? 0) < Self.leastExtent * area {
      return ["its bounds \(shown) cover less than half of those of the version before: the source's reference system may be wrong"]
    }
    return []
  }

  private static func area(_ bounds: [Double]) -> Double? {
    let (width, height) = (bounds[2] - bounds[0], bounds[3] - bounds[1])
    return width < 0 || height < 0 ? nil : width * height
  }
}
