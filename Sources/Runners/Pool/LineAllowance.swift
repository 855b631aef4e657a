/// How many log lines one task may still write: a burst, and then a steady rate.
struct LineAllowance {
  let burst: Int
  let perSecond: Int
  private var left: Double
  private var last: Nanoseconds
  private(set) var dropped = 0

  init(burst: Int, perSecond: Int, now: Nanoseconds) {
    self.burst = burst
    self.perSecond = perSecond
    left = Double(burst)
    last = now
  }

  /// False: the line is dropped and counted.
  mutating func allows(now: Nanoseconds) -> Bool {
    left = min(Double(burst), left + Double(now - last) / 1e9 * Double(perSecond))
    last = now
    guard left >= 1 else {
      dropped += 1
      return false
    }
    left -= 1
    return true
  }
}
