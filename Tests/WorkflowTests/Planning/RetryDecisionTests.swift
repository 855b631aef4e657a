import Testing
import Workflow

@Suite struct `RetryDecision.verdict` {
  private func verdict(
    _ end: AttemptEnd, failures: Int = 0, kills: Int = 0, isTransient: Bool = false, retryAfter: Duration? = nil,
    chance: Double = 0.5, attempts: Int = 3, isIdempotent: Bool = true
  ) -> TaskVerdict {
    RetryDecision(attempts: attempts, backoff: .seconds(2), cap: .seconds(60), isIdempotent: isIdempotent)
      .verdict(end, failures: failures, kills: kills, isTransient: isTransient, retryAfter: retryAfter, chance: chance)
  }

  private func again(_ delay: Duration) -> TaskVerdict { .again(after: delay, isCounted: true) }

  @Test func `what an attempt's end asks for`() {
    #expect(verdict(.completed) == .completed)
    #expect(verdict(.cancelled) == .cancelled)
    #expect(verdict(.invalid, isTransient: true) == .failed)
    #expect(verdict(.failed) == .failed)
    #expect(verdict(.failed, isTransient: true) == again(.seconds(1)))
    #expect(verdict(.failed, isTransient: true, isIdempotent: false) == again(.seconds(1)))
    for end in [AttemptEnd.crashed, .memory, .protocolBroken, .timeout] {
      #expect(verdict(end) == again(.seconds(1)))
      #expect(verdict(end, isIdempotent: false) == .failed)
    }
  }

  @Test func `what was lost or given back counts for nothing, however often`() {
    let uncounted = TaskVerdict.again(after: .zero, isCounted: false)
    #expect(verdict(.returned, failures: 9, isIdempotent: false) == uncounted)
    #expect(verdict(.lost, failures: 9, kills: 1) == uncounted)
    #expect(verdict(.lost, isIdempotent: false) == .failed)
  }

  @Test func `a task that took two runners with it does not get a third`() {
    for end in [AttemptEnd.crashed, .memory, .protocolBroken] {
      #expect(end.killedRunner)
      #expect(verdict(end, failures: 1, kills: 1, attempts: 100) == .failed)
    }
    #expect(verdict(.timeout, failures: 1, kills: 1, attempts: 100) == again(.seconds(2)))
  }

  @Test func `attempts are used up by those that count`() {
    #expect(verdict(.failed, failures: 1, isTransient: true) != .failed)
    #expect(verdict(.failed, failures: 2, isTransient: true) == .failed)
    #expect(verdict(.timeout, attempts: 1) == .failed)
  }

  @Test(arguments: [(0, 2), (1, 4), (2, 8), (4, 32), (5, 60), (40, 60), (1_000_000, 60)])
  func `the delay is anything from nothing to the doubled backoff, up to the cap`(failures: Int, ceiling: Int) {
    func delay(_ chance: Double) -> TaskVerdict {
      verdict(.failed, failures: failures, isTransient: true, chance: chance, attempts: .max)
    }
    #expect(delay(0) == again(.zero))
    #expect(delay(0.25) == again(.seconds(Double(ceiling) / 4)))
    guard case .again(let most, true) = delay(1.0.nextDown) else { return #expect(Bool(false)) }
    #expect(most <= .seconds(ceiling) && most > .seconds(Double(ceiling) - 0.001))
  }

  @Test func `whoever asks for a longer delay gets it`() {
    #expect(verdict(.failed, isTransient: true, retryAfter: .seconds(90)) == again(.seconds(90)))
    #expect(verdict(.failed, isTransient: true, retryAfter: .milliseconds(1)) == again(.seconds(1)))
  }
}
