import Glibc

/// A pipe that becomes readable, and stays so, once `signal()` was called: it ends a `poll`.
final class WakeSignal: Sendable {
  private let reading: Int32
  private let writing: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    // Without descriptors the loop polls -1, which poll ignores; it then ends with its next timeout.
    _ = pipe(&ends)
    for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (reading, writing) = (ends[0], ends[1])
  }

  deinit {
    close(reading)
    close(writing)
  }

  func signal() {
    var byte: UInt8 = 1
    _ = write(writing, &byte, 1)
  }

  /// Waits until signalled (then true), until `descriptor` can be read, or for `milliseconds` (-1 without end).
  func wait(or descriptor: Int32 = -1, milliseconds: Int32) -> Bool {
    var watched = [
      pollfd(fd: reading, events: Int16(POLLIN), revents: 0), pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
    ]
    _ = poll(&watched, 2, milliseconds)
    return watched[0].revents != 0
  }
}
