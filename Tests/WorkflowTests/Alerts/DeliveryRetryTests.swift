import Testing
import Workflow

@Suite struct `How long a webhook is tried` {
  private let retry = DeliveryRetry()

  private func verdict(_ status: Int?, tries: Int = 1, age: Duration = .zero, after: Duration? = nil) -> DeliveryRetry.Verdict {
    retry.verdict(DeliveryRetry.Answer(status: status, retryAfter: after), tries: tries, age: age, chance: 0)
  }

  @Test func `2xx is success, 410 the end, all else may be mended`() {
    #expect([200, 204, 299].allSatisfy { verdict($0) == .delivered })
    #expect(verdict(410) == .givenUp)
    #expect([nil, 199, 301, 400, 401, 404, 429, 500, 503].allSatisfy { verdict($0) == .again(after: .seconds(5)) })
  }

  @Test func `each wait is four times as long, up to six hours`() {
    let waits = (1...9).map { verdict(500, tries: $0) }
    #expect(waits == [5, 20, 80, 320, 1_280, 5_120, 20_480, 21_600, 21_600].map { .again(after: .seconds($0)) })
    #expect(retry.verdict(.init(status: 500), tries: 2, age: .zero, chance: 0.4) == .again(after: .seconds(22)))
  }

  @Test func `the server's own word counts when it is longer`() {
    #expect(verdict(429, after: .seconds(60)) == .again(after: .seconds(60)))
    #expect(verdict(429, after: .seconds(1)) == .again(after: .seconds(5)))
    #expect(verdict(503, after: .seconds(1_000_000)) == .again(after: .seconds(21_600)))
  }

  @Test func `it ends after three days, or sixteen tries`() {
    #expect(verdict(500, tries: 16) == .givenUp)
    #expect(verdict(500, tries: 3, age: .seconds(259_200)) == .givenUp)
  }
}
