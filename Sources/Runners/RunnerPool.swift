internal import CKernel
internal import Glibc

/// The runners of this host: starts them, hands tasks to them, limits them and ends them.
///
/// One thread owns them all. At most `slots` processes; a warm one is used again for the same build, and replaced after
/// so many tasks or when its memory has grown. Quick tasks are pipelined: the next ones wait in the runner's socket.
public final class RunnerPool: Sendable {
  private let inbox: Inbox
  private let shared: PoolState
  private let ended = Signal()

  /// - Throws: `.scratchUnusable`, `.systemRefused`.
  public init(
    slots: Int, configuration: RunnerConfiguration, delegate: any RunnerDelegate
  ) throws(RunnersError) {
    precondition(slots > 0, "a pool needs at least one runner")
    inbox = try Inbox()
    shared = PoolState(slots: slots)
    let loop = try RunnerLoop(
      slots: slots, configuration: configuration, delegate: delegate, inbox: inbox, shared: shared)
    startThread(named: "weir-runners") { [ended] in
      loop.work()
      ended.raise()
    }
  }

  /// Queues tasks for runners of a build; each comes back to the delegate exactly once. From any thread; after `stop`
  /// has returned nothing is queued.
  public func submit(_ tasks: [TaskCall], build: RunnerBuild) {
    guard !tasks.isEmpty else { return }
    shared.submitted(tasks.count)
    inbox.put(.submit(tasks, build))
  }

  /// Ends an attempt wherever it is; nothing happens when it is over.
  ///
  /// One that runs is told so, its service calls are answered `WEIR_CANCELLED`, and its runner is killed after the
  /// grace period: the configuration's unless given. A repeat may only shorten it.
  public func cancel(token: Int64, reason: CancelReason = .user, grace: Duration? = nil) {
    inbox.put(.cancel(token: token, reason, grace: grace))
  }

  /// How many more tasks are welcome now, of whatever build: enough to keep all runners busy until the next batch.
  public var capacity: Int { shared.capacity }

  /// Runners at most.
  public var slots: Int { shared.slots }

  /// Handlers whose tasks have been so quick that more than one may wait for a runner.
  public var quickHandlers: Set<String> { shared.quickHandlers }

  /// How many more tasks of this build are welcome; 0 while it cannot be started.
  public func capacity(for build: RunnerBuild) -> Int { shared.capacity(for: build) }

  /// Tasks in the pool's hands.
  public var taskCount: Int { shared.inHand }

  /// Takes no more tasks, gives back what has not started, and lets the others finish.
  public func drain() {
    inbox.put(.drain)
  }

  /// Gives back what has not started, tells what runs to stop, kills it after the grace period, and returns when no
  /// runner is left. Every pool must be stopped or abandoned; not from the delegate.
  public func stop(grace: Duration) {
    inbox.put(.stop(grace: grace))
    waitForEnd()
  }

  /// Kills all runners now: their tasks' leases are lost. Returns when none is left; also while another thread waits in `stop`.
  public func abandon() {
    inbox.put(.abandon)
    waitForEnd()
  }

  private func waitForEnd() {
    ended.wait()
    ended.raise()  // for the next one who waits
  }

  /// Closes the environment and memory of this process to other processes of its user, runners among them.
  ///
  /// - Throws: `.systemRefused`.
  public static func forbidInspection() throws(RunnersError) {
    if weir_forbid_inspection() != 0 {
      throw RunnersError(.systemRefused(call: "prctl(PR_SET_DUMPABLE)", errno: errno), subject: "weir")
    }
  }
}
