import NIOCore

/// The stream of one page that is open in a browser.
final class EventViewer: Sendable {
  /// What may wait for a viewer who takes nothing; then the stream ends, and the browser comes again when it can.
  private static let mostWaiting = 8
  /// After so long the stream ends and the browser comes again: whoever may not look any more is told so then.
  static let lifetime: Duration = .seconds(300)

  let id: Int
  let topic: EventTopic
  let events: AsyncStream<ByteBuffer>
  let since: ContinuousClock.Instant
  private let source: AsyncStream<ByteBuffer>.Continuation
  private let onEnd: @Sendable (EventViewer) -> Void

  init(id: Int, topic: EventTopic, since: ContinuousClock.Instant = .now, onEnd: @escaping @Sendable (EventViewer) -> Void) {
    self.id = id
    self.topic = topic
    self.since = since
    self.onEnd = onEnd
    (events, source) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.mostWaiting))
  }

  /// - Returns: false when nothing more can wait for it.
  func send(_ bytes: ByteBuffer) -> Bool {
    if case .enqueued = source.yield(bytes) { true } else { false }
  }

  /// The other side has gone, or is to go; its place is free.
  func end() {
    onEnd(self)
    source.finish()
  }
}
