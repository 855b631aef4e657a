public import Workflow

/// What all checks found of one library.
public struct ConformanceReport: Sendable {
  public let library: String
  public let results: [CheckResult]

  public var isPassed: Bool { !results.contains { $0.isBad } }

  /// The highest level of which no check failed; 0: none.
  public var level: Int {
    let bad = results.filter(\.isBad).map(\.level).min() ?? .max
    return min(bad - 1, results.map(\.level).max() ?? 0)
  }

  public var json: JSON {
    [
      "library": JSON(library), "passed": JSON(isPassed), "level": JSON(level),
      "checks": .array(results.map(\.json)),
    ]
  }

  public var text: String {
    let bad = results.count { $0.isBad }
    let warnings = results.count { $0.status == .warning }
    let summary =
      bad == 0
      ? "\(library): passes level \(level)" + (warnings == 0 ? "." : ", with \(warnings) \(warnings == 1 ? "warning" : "warnings").")
      : "\(library): \(bad) of \(results.count) checks failed; it passes level \(level)."
    return (results.map(\.text) + [summary]).joined(separator: "\n")
  }
}
