import Glibc

/// When a stage will have ended: a band, since a single figure would lie.
public struct Forecast: Sendable, Hashable {
  /// From now on.
  public var soonest: Duration
  public var latest: Duration

  public init(soonest: Duration, latest: Duration) {
    self.soonest = soonest
    self.latest = latest
  }

  /// Nil while too little is known: fewer than three units done, or no time passed.
  ///
  /// The band spans what the rates seen so far say (the whole time, the last half, the last quarter, the weighted rate), what
  /// they say when the rate goes on changing with the work as it did, and an allowance for chance, which falls as work is
  /// done and grows with how unevenly it came. The tail of the work only moves the late end.
  /// - Parameter total: units of the stage, at least what is done.
  public init?(_ history: WorkHistory, total: Double, tail: TailOfWork = TailOfWork()) {
    let (now, done) = (history.last.at / .seconds(1), history.last.done)
    let left = total - done
    guard done >= 3, now > 0, left > 0, let weighted = Rate(history) else { return nil }
    let rates = [done / now, weighted.perSecond, Self.rate(history, last: now / 2), Self.rate(history, last: now / 4)]
      .filter { $0 > 0 }
    let unevenness = Self.unevenness(history)
    let trend = Trend(history, unevenness: unevenness)
    let figures = rates.map { left / $0 } + trend.figures(left: left)
    let chance = (unevenness / done + unevenness / left).squareRoot()
    let low = (figures.min() ?? 0) * (1 - min(0.9, 1.3 * chance) - 0.05)
    let high = (figures.max() ?? 0) * (1 + 1.3 * chance + 0.08) + Self.allowance(for: tail, left: left)
    soonest = .seconds(max(0, low))
    latest = .seconds(min(high, Self.farthest))
  }

  /// A century: what lies beyond is not told apart.
  private static let farthest = 3.2e9

  private static func rate(_ history: WorkHistory, last seconds: Double) -> Double {
    (history.last.done - history.done(by: history.last.at - .seconds(seconds))) / seconds
  }

  /// Variance over mean of the work of sixteen spans of equal time; 1 for a steady stream of independent events, more for bursts.
  private static func unevenness(_ history: WorkHistory) -> Double {
    let span = history.last.at / 16
    let work = (0..<16).map { history.done(by: span * ($0 + 1)) - history.done(by: span * $0) }
    let mean = work.reduce(0, +) / 16
    guard mean > 0 else { return 1 }
    return max(1, work.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 15 / mean)
  }

  /// The longest task may begin last; tasks to be tried again wait, some of them again and again.
  private static func allowance(for tail: TailOfWork, left: Double) -> Double {
    let share = min(max(tail.retryShare, 0), 0.9)
    let rounds = share > 0 ? log(max(left, 2)) / log(1 / share) : 0
    return tail.longestTask / .seconds(1) + 1.5 * rounds * (tail.backoff / .seconds(1))
  }
}
