import Glibc

/// Threads of our own: what blocks must not hold up Swift's few.
enum Threads {
  /// Starts a detached thread that does `body` and ends.
  static func start(name: String, _ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Body(name: name, body: body))
    let failed = pthread_create(&thread, nil, { raw in
      // the reference that was passed to pthread_create below
      let box = Unmanaged<Body>.fromOpaque(raw!).takeRetainedValue()
      pthread_setname_np(pthread_self(), box.name)
      box.body()
      return nil
    }, box.toOpaque())
    precondition(failed == 0, "the system gives no thread: errno \(failed)")
    pthread_detach(thread)
  }

  private final class Body: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }
}
