/// How long to wait before a runner of one build is started again.
struct Backoff {
  static let first: Nanoseconds = 100_000_000
  static let longest: Nanoseconds = 30_000_000_000

  private var failures = 0
  private(set) var notBefore: Nanoseconds = 0

  /// Doubles from 0.1 s up to 30 s.
  mutating func failed(now: Nanoseconds) -> Nanoseconds {
    let delay = min(Self.longest, Self.first << min(failures, 20))
    failures += 1
    notBefore = now + delay
    return delay
  }

  mutating func succeeded() {
    self = Backoff()
  }
}
