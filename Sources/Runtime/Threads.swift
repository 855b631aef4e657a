import Glibc

/// Threads of our own: what blocks must not hold up Swift's few.
public enum Threads {
  /// Starts a detached thread that does `body` and ends.
  public static func start(_ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Body(body))
    let failed = pthread_create(
      &thread, nil,
      { raw in
        // the reference that was passed to pthread_create below
        let box = Unmanaged<Body>.fromOpaque(raw!).takeRetainedValue()
        box.body()
        return nil
      }, box.toOpaque())
    precondition(failed == 0, "the system gives no thread: errno \(failed)")
    pthread_detach(thread)
  }

  private final class Body: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
