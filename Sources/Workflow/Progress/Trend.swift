import Glibc

/// How the rate changes with the work: the first half of what is done against the second.
struct Trend {
  private let done: Double
  /// Units a second over the second half.
  private let rate: Double
  /// Units a second gained by each unit done, and how far off that may be by chance.
  private let slope: Double
  private let slopeError: Double

  init(_ history: WorkHistory, unevenness: Double) {
    done = history.last.done
    let middle = history.time(of: done / 2) / .seconds(1)
    let end = history.last.at / .seconds(1)
    guard middle > 0, middle < end else {
      (rate, slope, slopeError) = (0, 0, 0)
      return
    }
    let first = done / 2 / middle
    let second = done / 2 / (end - middle)
    rate = second
    slope = (second - first) / (done / 2)
    slopeError = (unevenness / (done / 2)).squareRoot() * 2.0.squareRoot() * (first + second) / 2 / (done / 2)
  }

  /// Seconds for what is left if the rate goes on changing so: as measured, and a bit to either side.
  func figures(left: Double) -> [Double] {
    guard rate > 0 else { return [] }
    return [slope, slope - slopeError, slope + slopeError / 2].map { seconds(left, slope: $0) }
  }

  private func seconds(_ left: Double, slope: Double) -> Double {
    // never extrapolated to a standstill, nor to more than three times today's rate
    let now = max(rate + slope * done / 4, 0.2 * rate)
    let end = min(max(now + slope * left, 0.2 * now), 3 * now)
    return abs(end - now) < now * 1e-6 ? left / now : left * log(end / now) / (end - now)
  }
}
