import Synchronization

/// One `perform` from its start to its answer, so that cancelling it reaches the right statement and never a later one.
final class PendingCall<T: Sendable>: Sendable {
  private enum Stage {
    case new
    /// Waits for a thread or a connection; its caller waits for this.
    case waiting(CheckedContinuation<T, any Error>)
    case running(Canceller, CheckedContinuation<T, any Error>)
    /// Cancelled, and answered unless it runs.
    case cancelled(CheckedContinuation<T, any Error>?)
    case answered
  }

  private let stage = Mutex(Stage.new)

  /// False when the call was cancelled already; it is answered then.
  func wait(_ continuation: CheckedContinuation<T, any Error>) -> Bool {
    let isCancelled = stage.withLock { stage in
      if case .cancelled = stage { return true }
      stage = .waiting(continuation)
      return false
    }
    if isCancelled { continuation.resume(throwing: CancellationError()) }
    return !isCancelled
  }

  var isCancelled: Bool {
    stage.withLock { stage in
      if case .cancelled = stage { true } else { false }
    }
  }

  /// False when the call was cancelled before it began.
  func begin(with canceller: Canceller) -> Bool {
    stage.withLock { stage in
      guard case .waiting(let continuation) = stage else { return false }
      stage = .running(canceller, continuation)
      return true
    }
  }

  /// What the caller gets by `answer`. No cancel request is under way after this returns.
  struct Ending {
    let wasCancelled: Bool
    fileprivate let continuation: CheckedContinuation<T, any Error>?

    func answer(_ result: Result<T, any Error>) {
      if wasCancelled, case .failure = result {
        continuation?.resume(throwing: CancellationError())
      } else {
        continuation?.resume(with: result)
      }
    }
  }

  func end() -> Ending {
    stage.withLock { stage in
      defer { stage = .answered }
      return switch stage {
      case .new, .answered: Ending(wasCancelled: false, continuation: nil)
      case .waiting(let continuation), .running(_, let continuation): Ending(wasCancelled: false, continuation: continuation)
      case .cancelled(let continuation): Ending(wasCancelled: true, continuation: continuation)
      }
    }
  }

  /// Answers a call that does not run yet at once; else asks the server to end the statement, on a thread of its own,
  /// since asking blocks.
  func cancel() {
    let (isRunning, waiting) = stage.withLock { stage -> (Bool, CheckedContinuation<T, any Error>?) in
      switch stage {
      case .new:
        stage = .cancelled(nil)
        return (false, nil)
      case .waiting(let continuation):
        stage = .cancelled(nil)
        return (false, continuation)
      case .running: return (true, nil)
      case .cancelled, .answered: return (false, nil)
      }
    }
    waiting?.resume(throwing: CancellationError())
    guard isRunning else { return }
    // Without a thread the statement runs to its own end: cancelling is a wish.
    _ = Thread.start { [self] in
      stage.withLock { stage in
        guard case .running(let canceller, let continuation) = stage else { return }
        _ = canceller.cancel()
        stage = .cancelled(continuation)
      }
    }
  }
}
