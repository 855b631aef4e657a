internal import Glibc
internal import Synchronization

/// Threads of our own for calls that block; Swift's pool and libdispatch have only as many as there are processors.
public enum Lanes {
  /// Calls `body` once for each of `0..<count`, on up to `lanes` threads, the caller's among them; returns when all are done.
  public static func forEach(_ count: Int, lanes: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      let shared = Shared(count: count, body: body)
      let threads = (1..<max(1, min(lanes, count))).compactMap { _ in start(shared) }
      shared.work()
      for thread in threads { pthread_join(thread, nil) }
    }
  }

  private final class Shared: Sendable {
    private let next = Atomic(0)
    private let count: Int
    private let body: @Sendable (Int) -> Void

    init(count: Int, body: @escaping @Sendable (Int) -> Void) {
      self.count = count
      self.body = body
    }

    func work() {
      while case let index = next.add(1, ordering: .relaxed).oldValue, index < count { body(index) }
    }
  }

  /// Nil if the system gives no thread: the others do its share.
  private static func start(_ shared: Shared) -> pthread_t? {
    var thread = pthread_t()
    let retained = Unmanaged.passRetained(shared)
    let failed = pthread_create(
      &thread, nil,
      { raw in
        Unmanaged<Shared>.fromOpaque(raw!).takeRetainedValue().work()  // we passed it in the line below
        return nil
      }, retained.toOpaque())
    guard failed == 0 else {
      retained.release()
      return nil
    }
    return thread
  }
}
