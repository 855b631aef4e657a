internal import Glibc

/// A counting semaphore without Dispatch.
final class Signal: @unchecked Sendable {  // sem_t is made for many threads; its address never moves
  private let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    semaphore = .allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func raise() {
    sem_post(semaphore)
  }

  func wait() {
    while sem_wait(semaphore) != 0 {}  // again after a signal
  }
}
