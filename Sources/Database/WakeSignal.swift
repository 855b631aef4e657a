import Glibc
import Synchronization

/// Ends waits, those to come too, once `signal()` was called.
final class WakeSignal: Sendable {
  private let reading: Int32
  private let writing: Int32
  private let isSignalled = Atomic(false)

  init() {
    var ends: [Int32] = [-1, -1]
    // Without descriptors (-1, which poll ignores) the signal is seen at the wait's own end.
    _ = pipe(&ends)
    for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (reading, writing) = (ends[0], ends[1])
  }

  deinit {
    close(reading)
    close(writing)
  }

  func signal() {
    isSignalled.store(true, ordering: .releasing)
    var byte: UInt8 = 1
    _ = write(writing, &byte, 1)
  }

  /// Waits until signalled (then true), until `descriptor` can be read, or for `milliseconds` (-1 without end).
  func wait(or descriptor: Int32 = -1, milliseconds: Int32) -> Bool {
    var watched = [
      pollfd(fd: reading, events: Int16(POLLIN), revents: 0), pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
    ]
    _ = poll(&watched, 2, milliseconds)
    return isSignalled.load(ordering: .acquiring)
  }
}
