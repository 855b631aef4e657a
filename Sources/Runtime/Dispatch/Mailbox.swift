import Dispatch
import Runners
import Synchronization

/// What reaches the dispatcher from other threads: outcomes, and word that there may be work.
final class Mailbox: Sendable {
  struct Content {
    var outcomes: [Outcome] = []
    /// Somebody knows of work: a submission, a notification, a freed slot.
    var isPoked = false
    var isStopping = false
  }

  private let content = Mutex(Content())
  private let signal = DispatchSemaphore(value: 0)

  func deliver(_ outcomes: [Outcome]) { change { $0.outcomes += outcomes } }
  func poke() { change { $0.isPoked = true } }
  func stop() { change { $0.isStopping = true } }

  private func change(_ body: (inout Content) -> Void) {
    let wasQuiet = content.withLock { content in
      let wasQuiet = content.outcomes.isEmpty && !content.isPoked && !content.isStopping
      body(&content)
      return wasQuiet
    }
    if wasQuiet { signal.signal() }
  }

  /// Waits until something is there or the time is over, and takes it.
  func take(waiting: Duration) -> Content {
    let microseconds = Int(waiting / .microseconds(1))
    _ = signal.wait(timeout: .now() + .microseconds(max(0, microseconds)))
    return content.withLock { content in
      defer { content = Content(isStopping: content.isStopping) }
      return content
    }
  }
}
