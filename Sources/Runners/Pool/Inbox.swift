internal import CKernel
internal import Glibc
internal import Synchronization

/// What other threads ask of the loop.
enum Command: Sendable {
  case submit([TaskCall], RunnerBuild)
  case cancel(token: Int64, CancelReason, grace: Duration?)
  /// The answer to a service call; nobody waits for it any more when the runner is gone.
  case reply(runner: Int, call: UInt64, ServiceCall.Answer)
  case credit(runner: Int, task: UInt64, bytes: Int)
  case started(runner: Int, Result<RunnerProcess, RunnersError>)
  /// No more tasks; what waits goes back.
  case drain
  /// What runs is told to stop, and killed after the grace period.
  case stop(grace: Duration)
  /// What runs is killed now.
  case abandon
}

final class Inbox: Sendable {
  /// Readable when there are commands.
  let event: Int32
  private struct State {
    var commands: [Command] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  private let loopThread = Atomic<UInt>(0)

  init() throws(RunnersError) {
    event = weir_eventfd_new()
    if event < 0 { throw RunnersError(.systemRefused(call: "eventfd", errno: errno), subject: "runners") }
  }

  deinit {
    Glibc.close(event)
  }

  /// The calling thread is the one that reads: it needs no waking.
  func adopt() {
    loopThread.store(UInt(pthread_self()), ordering: .relaxed)
  }

  func put(_ command: Command) {
    let mustWake = state.withLock { state in
      if state.isClosed {
        if case .reply(_, _, let answer) = command { answer.discard() }
        return false
      }
      state.commands.append(command)
      return state.commands.count == 1
    }
    if mustWake, loopThread.load(ordering: .relaxed) != UInt(pthread_self()) { weir_eventfd_raise(event) }
  }

  func take() -> [Command] {
    state.withLock { state in
      if state.commands.isEmpty { return [] }
      defer { state.commands = [] }
      return state.commands
    }
  }

  /// Nobody reads any more; false: there are commands that were not taken.
  func close() -> Bool {
    state.withLock { state in
      if state.commands.isEmpty { state.isClosed = true }
      return state.isClosed
    }
  }

  var isEmpty: Bool { state.withLock { $0.commands.isEmpty } }
}
