import Dispatch

/// So many at a time; the others wait.
final class Places: Sendable {
  private let semaphore: DispatchSemaphore

  init(_ count: Int) { semaphore = DispatchSemaphore(value: count) }

  func take() { semaphore.wait() }
  func giveBack() { semaphore.signal() }
}
