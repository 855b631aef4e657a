/// How long one handler's tasks take, and so how many may wait in a runner's socket.
struct Pace {
  /// Slower handlers are never pipelined: a task that waits behind one would wait too long.
  static let quick: Nanoseconds = 2_000_000
  /// The work that may wait in one socket.
  private static let ahead: Nanoseconds = 4_000_000
  /// The work that one runner's share of the pool's queue should last for, while the next batch is claimed.
  private static let reserve: Nanoseconds = 20_000_000

  /// nil before the first measurement.
  private(set) var average: Nanoseconds?

  /// An exponential mean that follows a rise at once and a fall slowly: one slow task ends the pipelining.
  mutating func measured(_ time: Nanoseconds) {
    guard let average else {
      self.average = time
      return
    }
    self.average = time > average * 4 ? (average + time) / 2 : average + (time - average) / 8
  }

  var isQuick: Bool { average.map { $0 < Self.quick } ?? false }

  /// Tasks in one runner's hands at a time.
  func depth(limit: Int) -> Int {
    guard let average, average < Self.quick else { return 1 }
    return max(2, min(limit, Int(Self.ahead / max(average, 1000))))
  }

  /// Tasks that are welcome for one runner, those in its hands included.
  func welcome(limit: Int) -> Int {
    guard let average, average < Self.quick else { return 1 }
    return max(depth(limit: limit), min(16 * limit, Int(Self.reserve / max(average, 1000))))
  }
}
