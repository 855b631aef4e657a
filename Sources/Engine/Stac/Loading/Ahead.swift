internal import Glibc
internal import Synchronization

/// A value that is made on a thread of its own before somebody asks for it.
final class Ahead<Value: Sendable>: Sendable {
  private final class Cell: Sendable {
    private let made = Mutex<Value?>(nil)
    private let body: @Sendable () -> Value

    init(_ body: @escaping @Sendable () -> Value) { self.body = body }

    func make() { made.withLock { if $0 == nil { $0 = body() } } }

    var value: Value {
      make()
      return made.withLock { $0 }!  // make() has set it
    }
  }

  private let cell: Cell

  init(_ body: @escaping @Sendable () -> Value) {
    cell = Cell(body)
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(Job(make: cell.make))
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().make()
        return nil
      }, argument.toOpaque())
    // Without a thread the value is made when asked for.
    if status == 0 { pthread_detach(thread) } else { argument.release() }
  }

  /// Waits for it; makes it here if the thread has not begun.
  func value() -> Value { cell.value }
}

/// What a C thread can carry.
private final class Job: Sendable {
  let make: @Sendable () -> Void

  init(make: @escaping @Sendable () -> Void) { self.make = make }
}
