import CPostgres
import Glibc
import Logging

/// What a `Listener` tells.
public enum ListenerEvent: Sendable, Hashable {
  /// Listening stands: at first, and again after each lost connection. What happened before it went unheard, so read
  /// the tables now.
  case listening
  case notified(channel: String, payload: String)
}

/// A connection of its own that LISTENs, on a thread of its own, until nobody iterates any more or `stop()` is called.
///
/// A lost connection is opened again after 0.1 s, then ever longer up to 5 s. Events wait without bound for a slow
/// consumer, so consume them.
public final class Listener: AsyncSequence, Sendable {
  public typealias Element = ListenerEvent
  public typealias Failure = Never

  private let stream: AsyncStream<ListenerEvent>
  private let wake: WakeSignal

  init(_ configuration: DatabaseConfiguration, channels: [String]) {
    let wake = WakeSignal()
    let (stream, continuation) = AsyncStream.makeStream(of: ListenerEvent.self)
    self.stream = stream
    self.wake = wake
    continuation.onTermination = { _ in wake.signal() }
    let loop = ListenerLoop(configuration, channels: channels, wake: wake) { event in
      if case .terminated = continuation.yield(event) { wake.signal() }
    }
    let isRunning = Thread.start {
      loop.run()
      continuation.finish()
    }
    if !isRunning { continuation.finish() }
  }

  public func makeAsyncIterator() -> AsyncStream<ListenerEvent>.Iterator {
    stream.makeAsyncIterator()
  }

  /// Ends the stream and the connection soon.
  public func stop() {
    wake.signal()
  }
}
