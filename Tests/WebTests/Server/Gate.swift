import Glibc

/// Holds a thread until a test opens it.
final class Gate: @unchecked Sendable {  // a semaphore is made for sharing, and its address never moves
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init() { sem_init(semaphore, 0, 0) }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func wait() { sem_wait(semaphore) }
  func open() { sem_post(semaphore) }
}
