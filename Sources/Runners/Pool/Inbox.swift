internal import CKernel
internal import Glibc
internal import Synchronization

/// What other threads ask of the loop.
enum Command: Sendable {
  case submit([TaskCall], RunnerBuild)
  case cancel(token: Int64, CancelReason)
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
  private let commands = Mutex<[Command]>([])
  private let loopThread = Atomic<UInt>(0)

  init() throws(RunnersError) {
    event = weir_eventfd_new()
    if event < 0 { throw RunnersError(.systemRefused(call: "eventfd", errno: errno), subject: "runners") }
  }

  deinit {
    close(event)
  }

  /// The calling thread is the one that reads: it needs no waking.
  func adopt() {
    loopThread.store(UInt(pthread_self()), ordering: .relaxed)
  }

  func put(_ command: Command) {
    let wasEmpty = commands.withLock { commands in
      commands.append(command)
      return commands.count == 1
    }
    if wasEmpty, loopThread.load(ordering: .relaxed) != UInt(pthread_self()) { weir_eventfd_raise(event) }
  }

  func take() -> [Command] {
    commands.withLock { commands in
      if commands.isEmpty { return [] }
      defer { commands = [] }
      return commands
    }
  }

  var isEmpty: Bool { commands.withLock { $0.isEmpty } }
}
