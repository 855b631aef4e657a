import Glibc

/// How fast a stage goes: units of work a second.
///
/// Weighted by time, not by events: work done an age of `halfLife` ago counts half. A single completion is no rate, and a slow
/// stage keeps its rate between two completions.
public struct Rate: Sendable, Hashable {
  public static let halfLife: Duration = .seconds(120)

  public let perSecond: Double

  /// Nil until a second has passed and something was done.
  public init?(_ history: WorkHistory) {
    guard history.last.at >= .seconds(1), history.last.done > 0 else { return nil }
    var weighted = 0.0
    var weight = 0.0
    for (before, after) in zip(history.samples, history.samples.dropFirst()) {
      let age = history.last.at - (before.at + after.at) / 2
      let length = (after.at - before.at) / .seconds(1)
      let share = pow(0.5, age / Self.halfLife)
      weighted += share * (after.done - before.done)
      weight += share * length
    }
    guard weight > 0, weighted > 0 else { return nil }
    perSecond = weighted / weight
  }
}
