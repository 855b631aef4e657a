import Dispatch
import Engine
import Logging
import Storage
import Synchronization
import Workflow

/// Sends spans to a collector by OTLP over HTTP, in JSON. What it cannot send in time is dropped and counted: tracing slows no task.
final class SpanExporter: Sendable {
  /// Spans that wait at most, and those that one request has.
  static let (room, batch) = (16_384, 512)
  private static let pause: Duration = .seconds(1)
  private static let deadline: Duration = .seconds(10)

  private struct State {
    var waiting: [Span] = []
    var counts = SpanCounts()
    var warnedAt: ContinuousClock.Instant?
  }

  private let target: SpanTarget
  private let client: HTTPClient
  private let logger: Logger
  private let state = Mutex(State())
  private let isStopping = Atomic(false)
  private let signal = DispatchSemaphore(value: 0)
  private let hasEnded = DispatchSemaphore(value: 0)

  init(_ target: SpanTarget, logger: Logger) {
    self.target = target
    self.logger = logger
    var settings = HTTPSettings()
    settings.userAgent = "weir/\(target.version)"
    settings.connect = .seconds(5)
    client = HTTPClient(settings)
  }

  var counts: SpanCounts { state.withLock { $0.counts } }

  /// Never waits.
  func add(_ span: Span) {
    let isFull = state.withLock { state in
      guard state.waiting.count < Self.room else {
        state.counts.dropped += 1
        return false
      }
      state.waiting.append(span)
      return state.waiting.count == Self.batch
    }
    if isFull { signal.signal() }
  }

  /// Sends until `stop()`. Blocks its thread.
  func work() {
    while !isStopping.load(ordering: .relaxed) {
      _ = signal.wait(timeout: .now() + .nanoseconds(Int(Self.pause / .nanoseconds(1))))
      while !isStopping.load(ordering: .relaxed), send() {}
    }
    // what is left gets one chance
    while send() {}
    hasEnded.signal()
  }

  /// Returns when what waited was sent, or could not be.
  func stop() {
    isStopping.store(true, ordering: .relaxed)
    signal.signal()
    hasEnded.wait()
  }

  /// Whether there is more, and sense in sending it now.
  private func send() -> Bool {
    let spans = state.withLock { Array($0.waiting.prefix(Self.batch)) }
    guard !spans.isEmpty else { return false }
    let answer = target.send(spans, client, deadline: Self.deadline)
    let (left, isNews) = state.withLock { state in
      // one that a collector refuses is refused the next time, too
      if answer != .away { state.waiting.removeFirst(spans.count) }
      if case .refused = answer { state.counts.dropped += spans.count }
      if answer == .taken { state.counts.exported += spans.count }
      guard answer != .taken else { return (state.waiting.count, false) }
      let isNews = state.warnedAt.map { ContinuousClock.now - $0 > .seconds(60) } ?? true
      if isNews { state.warnedAt = .now }
      return (state.waiting.count, isNews)
    }
    if isNews {
      logger.warning(
        "Cannot export spans",
        metadata: ["endpoint": "\(target.shown)", "answer": "\(answer)", "waiting": "\(left)", "dropped": "\(counts.dropped)"])
    }
    return answer != .away && left > 0
  }
}
