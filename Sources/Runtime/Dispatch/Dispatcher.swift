import Dispatch
import Engine
import Logging
import Runners
import Synchronization
import Workflow

/// Claims tasks, hands them to runners, and completes what they did: one thread of its own.
///
/// Batches make themselves: while one batch is being stored, the outcomes of the next gather. Nothing is forgotten: an
/// outcome stays in `unstored` until the database has it or has refused its token.
final class Dispatcher: Sendable {
  private let engine: Engine
  private let host: Int64
  private let handlers: [String: HostedHandler]
  private let rendering: TaskRendering
  private let tasks: InFlightTasks
  private let mailbox: Mailbox
  private let pool: any TaskPool
  private let tracer: Tracer
  private let logger: Logger
  private let onEndedJobs: @Sendable ([Int64], Bool) -> Void
  private let state = Mutex(State())

  private struct State {
    var unstored: [Completion] = []
    var done = HostWork()
    /// The last claim filled its limit, so there may be more.
    var mayHaveMore = true
    var isStopping = false
    /// Nothing is handed to the pool any more: it is about to end, and would not give it back.
    var isClosed = false
    var isAbandoned = false
    /// The database failed in the middle of something: a claim may stand of which we were not told.
    var mayHoldMore = false
  }

  /// How long an idle host waits before it looks for work that nobody told it of: retries that became due, most of all.
  static let pollInterval: Duration = .milliseconds(250)

  /// - Parameter onEndedJobs: jobs that ended, and whether there is work that others may take.
  init(
    engine: Engine, host: Int64, handlers: [HostedHandler], tasks: InFlightTasks, mailbox: Mailbox, pool: any TaskPool,
    tracer: Tracer = Tracer(), logger: Logger, onEndedJobs: @escaping @Sendable ([Int64], Bool) -> Void
  ) {
    self.engine = engine
    self.host = host
    self.handlers = Dictionary(uniqueKeysWithValues: handlers.map { ($0.name, $0) })
    self.tasks = tasks
    self.mailbox = mailbox
    self.pool = pool
    self.tracer = tracer
    self.logger = logger
    self.onEndedJobs = onEndedJobs
    rendering = TaskRendering(plans: StagePlans(stages: engine.stages), items: engine.items, handlers: self.handlers, tracer: tracer)
  }

  /// Works until `mailbox.stop()` and every outcome is stored. Blocks its thread.
  func work() {
    var pause = Dispatcher.pollInterval
    while true {
      let content = mailbox.take(waiting: pause)
      state.withLock { $0.isStopping = content.isStopping }
      do {
        try turn(content)
        pause = mayHaveMore && pool.capacity > 0 ? .zero : Dispatcher.pollInterval
      } catch {
        state.withLock { $0.mayHoldMore = true }
        logger.warning("Cannot reach the queue", metadata: ["error": "\(String(reflecting: error))"])
        pause = .milliseconds(500)
      }
      if state.withLock({ $0.isAbandoned }) { return }
      if content.isStopping && tasks.count == 0 && state.withLock({ $0.unstored.isEmpty }) { return }
    }
  }

  /// From here on nothing is handed to the pool; what is claimed goes back. Before the pool is stopped.
  func closeIntake() { state.withLock { $0.isClosed = true } }

  /// The host's tasks are others': `work()` returns without storing what is left.
  func abandon() {
    state.withLock { state in
      state.isClosed = true
      state.isAbandoned = true
    }
    mailbox.stop()
  }

  /// What ended here since the host started.
  var done: HostWork { state.withLock { $0.done } }

  private var mayHaveMore: Bool { state.withLock { $0.mayHaveMore && !$0.isStopping } }

  private func turn(_ content: Mailbox.Content) throws {
    settle(content.outcomes, isStopping: content.isStopping)
    if state.withLock({ $0.mayHoldMore }) { try findHeld() }
    let claimed = try store(claiming: content.isStopping ? 0 : claimable)
    try start(claimed)
    guard !content.isStopping else { return }
    let room = claimable
    guard room.total > 0 else {
      state.withLock { $0.mayHaveMore = true }
      return
    }
    let more = try engine.queue.claim(host: host, handlers: Array(handlers.keys), limit: room)
    state.withLock { $0.mayHaveMore = more.count == room.total }
    try start(more)
  }

  /// Begins what this host holds without knowing it.
  private func findHeld() throws {
    let held = try engine.queue.held(by: host)
    let ended = state.withLock { state in
      state.mayHoldMore = false
      return Set(state.unstored.map(\.task.token))
    }
    let unknown = held.filter { tasks[$0.token] == nil && !ended.contains($0.token) }
    guard !unknown.isEmpty else { return }
    logger.notice("Found tasks whose claim was not answered", metadata: ["tasks": "\(unknown.count)"])
    try start(unknown)
  }

  /// What there is room for: quick tasks ahead of the runners, of any other one a runner.
  private var claimable: Claimable {
    let quick = pool.quickHandlers
    return Claimable(pool.capacity, others: pool.slots - tasks.count(besides: quick), quick: quick)
  }

  private func settle(_ outcomes: [Outcome], isStopping: Bool) {
    guard !outcomes.isEmpty else { return }
    let mine = Dictionary(uniqueKeysWithValues: tasks.remove(outcomes.map(\.token)).map { ($0.task.token, $0) })
    // each draw is a system call; from one, steps by the golden ratio spread the batch evenly
    let draw = Double.random(in: 0..<1)
    let completions = outcomes.enumerated().compactMap { place, outcome -> Completion? in
      guard let inFlight = mine[outcome.token] else { return nil }
      let chance = (draw + Double(place) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
      let settlement = Settlement(chance: chance, isStopping: isStopping)
      let completion = settlement.completion(of: outcome, inFlight)
      tracer.ended(inFlight, completion)
      return completion
    }
    state.withLock { $0.unstored += completions }
  }

  /// Stores what is unstored; answers tasks of stages that opened.
  private func store(claiming limit: Claimable) throws -> [ClaimedTask] {
    let batch = state.withLock { Array($0.unstored.prefix(2_000)) }
    guard !batch.isEmpty else { return [] }
    let answer = try CompletionStore(queue: engine.queue, logger: logger).store(
      batch, host: host, handlers: Set(handlers.keys), claiming: limit)
    state.withLock { state in
      state.unstored.removeFirst(batch.count)
      state.done.add(batch)
      if !state.unstored.isEmpty || answer.openedMore { state.mayHaveMore = true }
    }
    rendering.plans.add(answer.plans)
    for stale in answer.stale {
      logger.warning(
        "Dropped the outcome of an attempt that was given up",
        metadata: ["stage": "\(stale.task.stageID)", "n": "\(stale.task.n)", "token": "\(stale.task.token)"])
    }
    if !answer.endedJobs.isEmpty || answer.openedMore { onEndedJobs(answer.endedJobs, answer.openedMore) }
    return answer.claimed
  }

  private func start(_ claimed: [ClaimedTask]) throws {
    guard !claimed.isEmpty else { return }
    let rendered: TaskRendering.Rendered
    do {
      rendered = try rendering.render(claimed)
    } catch {
      // they stay leased to us, so they must go back
      let back = claimed.map {
        Completion(task: $0, end: .returned, verdict: .again(after: .seconds(1), isCounted: false))
      }
      state.withLock { $0.unstored += back }
      throw error
    }
    state.withLock { state in
      state.unstored += rendered.settled
      guard !state.isClosed else {
        state.unstored += rendered.inFlight.map {
          Completion(task: $0.task, end: .returned, verdict: .again(after: .zero, isCounted: false))
        }
        return
      }
      // under the lock: after `closeIntake` nothing reaches the pool
      tasks.add(rendered.inFlight)
      for (build, calls) in rendered.calls { pool.submit(calls, build: build) }
    }
    if !rendered.settled.isEmpty { mailbox.poke() }
  }
}

/// The part of a runner pool that the dispatcher needs.
protocol TaskPool: AnyObject, Sendable {
  /// How many more tasks are welcome now.
  var capacity: Int { get }
  /// Runners at most.
  var slots: Int { get }
  /// Handlers whose tasks are known to end so soon that more than one may wait for a runner.
  var quickHandlers: Set<String> { get }
  func submit(_ tasks: [TaskCall], build: RunnerBuild)
}
