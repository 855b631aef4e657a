import Synchronization

/// Where one `perform` stands, so that cancelling it reaches the right statement and never a later one.
final class PendingCall: Sendable {
  private enum Stage {
    case waiting
    case running(Canceller)
    case cancelled
    case finished
  }

  private let stage = Mutex(Stage.waiting)

  /// False when the call was cancelled before it began.
  func begin(with canceller: Canceller) -> Bool {
    stage.withLock { stage in
      guard case .waiting = stage else { return false }
      stage = .running(canceller)
      return true
    }
  }

  /// Whether the call was cancelled. No cancel request is under way after this returns.
  func finish() -> Bool {
    stage.withLock { stage in
      if case .cancelled = stage { return true }
      stage = .finished
      return false
    }
  }

  var isCancelled: Bool {
    stage.withLock { stage in
      if case .cancelled = stage { true } else { false }
    }
  }

  /// Asks the server to end the statement, on a thread of its own since asking blocks.
  func cancel() {
    let isRunning = stage.withLock { stage in
      switch stage {
      case .waiting:
        stage = .cancelled
        return false
      case .running: return true
      case .cancelled, .finished: return false
      }
    }
    guard isRunning else { return }
    // Without a thread the statement runs to its own end: cancelling is a wish.
    _ = Thread.start { [self] in
      stage.withLock { stage in
        guard case .running(let canceller) = stage else { return }
        _ = canceller.cancel()
        stage = .cancelled
      }
    }
  }
}
