import Workflow

/// An attempt that failed, and what it has in common with others.
struct Failure {
  var completion: Completion
  var fingerprint: Fingerprint

  /// Nil for one that did not fail of itself: what ended with its host and is tried again does not count.
  init?(_ completion: Completion) {
    switch completion.end {
    case .completed, .cancelled, .returned: return nil
    case .lost: if completion.verdict != .failed { return nil }
    case .failed, .invalid, .crashed, .timeout, .memory, .protocolBroken: break
    }
    self.completion = completion
    fingerprint = Fingerprint(completion.end, message: completion.message ?? "")
  }

  /// At most so much of a message is kept for its group.
  private static let longestMessage = 1_000

  var message: String { String((completion.message ?? "").prefix(Self.longestMessage)) }
}
