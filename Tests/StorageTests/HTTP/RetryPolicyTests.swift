import FoundationEssentials
import Testing

@testable import Storage

@Suite struct `Trying a request again` {
  private let policy = RetryPolicy(attempts: 5, base: .milliseconds(100), cap: .milliseconds(500), patience: .seconds(30))

  @Test func `waits double up to the cap, with full jitter, and end with the attempts`() {
    #expect(
      (1...5).map { policy.wait(after: $0, chance: 1) } == [
        .milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(500), nil,
      ])
    #expect(policy.wait(after: 3, chance: 0) == .zero)
  }

  @Test func `a server's Retry-After is the least, and one beyond patience ends it`() {
    #expect(policy.wait(after: 1, retryAfter: .seconds(7), chance: 0) == .seconds(7))
    #expect(policy.wait(after: 1, retryAfter: .seconds(31), chance: 0) == nil)
  }

  @Test func `Retry-After comes in seconds or as a date`() throws {
    let now = Date(timeIntervalSince1970: 784_111_777)
    func after(_ text: String) -> Duration? {
      RetryPolicy.retryAfter(HTTPHead(status: 503, headers: [.init(name: "retry-after", value: text)]), now: now)
    }
    #expect(after("12") == .seconds(12))
    #expect(after("-3") == .zero)
    #expect(after("Sun, 06 Nov 1994 08:49:39 GMT") == .seconds(2))
    #expect(after("Sun, 06 Nov 1994 08:49:30 GMT") == .zero)
    #expect(after("soon") == nil)
  }

  @Test func `only what may pass is tried again`() {
    #expect([408, 425, 429, 500, 502, 503, 504].allSatisfy(RetryPolicy.mayPass(status:)))
    #expect(![200, 304, 400, 403, 404, 409, 412, 501, 505].contains(where: RetryPolicy.mayPass(status:)))
  }

  @Test(arguments: [
    (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (1_709_210_096, "Thu, 29 Feb 2024 12:34:56 GMT"),
    (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
  ])
  func `dates are read and written as HTTP has them`(seconds: Int, text: String) {
    #expect(HTTPDate.parse(text) == Date(timeIntervalSince1970: Double(seconds)))
    #expect(HTTPDate.text(Date(timeIntervalSince1970: Double(seconds))) == text)
  }
}
