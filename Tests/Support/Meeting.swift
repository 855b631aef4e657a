import Glibc

/// A point where threads wait for each other.
public final class Meeting: @unchecked Sendable {  // a pthread barrier is made for sharing, and its address never moves
  private let barrier = UnsafeMutablePointer<pthread_barrier_t>.allocate(capacity: 1)

  public init(of threads: Int) {
    pthread_barrier_init(barrier, nil, UInt32(threads))
  }

  deinit {
    pthread_barrier_destroy(barrier)
    barrier.deallocate()
  }

  /// Waits until all have come.
  public func wait() {
    pthread_barrier_wait(barrier)
  }
}
