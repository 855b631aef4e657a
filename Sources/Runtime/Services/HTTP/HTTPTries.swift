import FoundationEssentials
import Glibc
import Storage

/// The tries of one call: how often, how long between, until when.
struct HTTPTries {
  private let policy: Storage.RetryPolicy
  private let deadline: ContinuousClock.Instant?
  private let isCancelled: @Sendable () -> Bool
  private var failures = 0
  private var total = 0
  // A server that lets every try come a little further is not followed for ever.
  private static let most = 1000

  init(_ policy: Storage.RetryPolicy, timeout: Duration?, isCancelled: @escaping @Sendable () -> Bool) {
    self.policy = policy
    deadline = timeout.map { .now + $0 }
    self.isCancelled = isCancelled
  }

  /// What is left of the call's time; nil: no bound.
  var left: Duration? { deadline.map { max(.zero, ContinuousClock.now.duration(to: $0)) } }

  /// A try that brought something: those before it do not count.
  mutating func progressed() { failures = 0 }

  /// Waits for the next try.
  /// - Returns: why there is none; nil: try again.
  mutating func pause(after failure: HTTPFailure) -> ServiceFault? {
    failures += 1
    total += 1
    guard failure.mayPass, total < Self.most,
      let wait = policy.wait(after: failures, retryAfter: failure.retryAfter, chance: .random(in: 0..<1)),
      left.map({ $0 > wait }) ?? true
    else { return failure.final(policy) }
    let end = ContinuousClock.now + wait
    while true {
      if isCancelled() { return ServiceFault(ServiceFault.cancelled, "the task was cancelled") }
      let rest = ContinuousClock.now.duration(to: end)
      if rest <= .zero { return nil }
      usleep(UInt32(min(rest, .milliseconds(50)) / .microseconds(1)) + 1)
    }
  }
}
