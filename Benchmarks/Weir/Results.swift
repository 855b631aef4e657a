import Workflow

/// What was measured, by name of the work.
struct Results {
  private var measurements: [String: [Measurement]] = [:]

  mutating func add(_ measurement: Measurement, to work: String) { measurements[work, default: []].append(measurement) }

  func count(_ work: String) -> Int { measurements[work]?.count ?? 0 }

  /// Nil when it was not measured.
  func median(_ work: String, _ figure: String) -> Double? {
    let values = (measurements[work] ?? []).compactMap { $0.figures[figure] }
    return values.isEmpty ? nil : values.median
  }

  /// `median (least-most)`, each with so many decimals.
  func spread(_ work: String, _ figure: String, decimals: Int = 0) -> String {
    let values = (measurements[work] ?? []).compactMap { $0.figures[figure] }
    guard let least = values.min(), let most = values.max() else { return "-" }
    let median = values.median.text(decimals)
    return values.count == 1 ? median : "\(median) (\(least.text(decimals))-\(most.text(decimals)))"
  }
}

extension Measurement {
  /// The numbers of a JSON object.
  init(_ json: JSON) {
    figures = (json.objectValue?.members ?? []).reduce(into: [:]) { figures, member in figures[member.key] = member.value.doubleValue }
  }
}
