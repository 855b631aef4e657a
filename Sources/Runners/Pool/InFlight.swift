/// One task in the pool's hands: waiting in its queue, in a runner's socket, or running.
final class InFlight {
  let call: TaskCall
  /// The attempt's number on the wire.
  let number: UInt64
  /// When it became the first in its runner's hands; 0 before.
  var startedAt: Nanoseconds = 0
  /// When it said or asked something last.
  var heardAt: Nanoseconds = 0
  var isCancelled = false
  var lines: LineAllowance?
  /// Bytes emitted and not yet credited.
  var uncredited = 0

  private let timeout: Nanoseconds?
  private let progressTimeout: Nanoseconds?

  init(call: TaskCall, number: UInt64) {
    self.call = call
    self.number = number
    timeout = call.timeout?.nanoseconds
    progressTimeout = call.progressTimeout?.nanoseconds
  }

  var deadline: Nanoseconds? {
    guard let timeout, startedAt != 0 else { return nil }
    return startedAt &+ timeout
  }

  /// When it has been silent for too long, if it stays so.
  var silentUntil: Nanoseconds? {
    guard let progressTimeout, startedAt != 0 else { return nil }
    return max(startedAt, heardAt) &+ progressTimeout
  }

  /// As the handler reads it: Unix milliseconds, 0 for none.
  func deadline(startingAt now: Int64) -> Int64 {
    timeout.map { now &+ $0 / 1_000_000 } ?? 0
  }
}
