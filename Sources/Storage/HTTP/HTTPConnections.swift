internal import Synchronization

/// Handles that wait for their next request, by origin, so that a connection is used again.
final class HTTPConnections: Sendable {
  private struct Idle {
    var handle: CurlHandle
    var origin: Substring
  }

  private let idle = Mutex<[Idle]>([])
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// The handle last used for that origin, or a fresh one; nil when there is no memory.
  func take(_ origin: Substring) -> CurlHandle? {
    let kept = idle.withLock { idle in
      idle.lastIndex { $0.origin == origin }.map { idle.remove(at: $0).handle }
    }
    return kept ?? CurlHandle()
  }

  func give(_ handle: CurlHandle, _ origin: Substring) {
    // The handle that gives way is closed outside the lock: that may say goodbye to a server.
    let closed = idle.withLock { idle -> CurlHandle? in
      idle.append(Idle(handle: handle, origin: origin))
      return idle.count > limit ? idle.removeFirst().handle : nil
    }
    withExtendedLifetime(closed) {}
  }
}
