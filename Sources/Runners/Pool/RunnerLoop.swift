internal import CKernel
internal import Glibc

/// The thread that owns all runners: waits for their sockets, pipes and ends, and hands out tasks. Nothing on it blocks.
final class RunnerLoop: @unchecked Sendable {  // made by one thread, then only ever touched by its own
  let slots: Int
  let configuration: RunnerConfiguration
  let turn: Turn
  let inbox: Inbox
  let chores: ChoreThread
  let shared: PoolState
  var runners: [Int: Runner] = [:]
  var lanes: [RunnerBuild: Lane] = [:]
  var isDraining = false
  /// Tasks taken from the inbox since the capacity was last said.
  var taken = 0
  var isStopping = false
  private let epoll: Int32
  private var nextRunner = 1
  private var nextNumber: UInt64 = 1
  private var nextLook: Nanoseconds = 0
  private let starter: RunnerStarter
  private static let inboxTag = UInt64.max

  init(
    slots: Int, configuration: RunnerConfiguration, delegate: any RunnerDelegate, inbox: Inbox, shared: PoolState
  ) throws(RunnersError) {
    self.slots = slots
    self.configuration = configuration
    self.inbox = inbox
    self.shared = shared
    turn = Turn(configuration: configuration, delegate: delegate, inbox: inbox)
    let root = try ScratchRoot(in: configuration.scratch)
    starter = RunnerStarter(configuration: configuration, root: root)
    epoll = weir_epoll_new()
    guard epoll >= 0, weir_epoll_add(epoll, inbox.event, UInt32(WEIR_READABLE), Self.inboxTag) == 0 else {
      throw RunnersError(.systemRefused(call: "epoll", errno: errno), subject: "runners")
    }
    chores = ChoreThread()
    chores.add { root.removeStale() }
  }

  deinit {
    Glibc.close(epoll)
  }

  /// Turns until it was stopped and no runner is left.
  func work() {
    inbox.adopt()
    var events = [weir_event](repeating: weir_event(), count: 64)
    while !(isStopping && runners.isEmpty && inbox.close()) {
      let count = Int(weir_epoll_wait(epoll, &events, 64, inbox.isEmpty ? waitTime() : 0))
      turn.now = monotonicNow()
      if count > 0 { handle(events[..<count]) }
      // Again for what the delegate asks while it is told: that does not wake this thread. Others must not keep it here.
      for _ in 0..<4 {
        for command in inbox.take() { carryOut(command) }
        tick()
        handOut()
        for runner in runners.values where runner.isDirty { runner.flush() }
        updateCapacity()
        turn.report()
        if inbox.isEmpty {
          napIfAhead()
          break
        }
      }
    }
    chores.finish()
    starter.root.remove()
  }

  private func waitTime() -> Nanoseconds {
    var next = Nanoseconds.max
    var isBusy = false
    for runner in runners.values {
      if let deadline = runner.nextDeadline { next = min(next, deadline) }
      if !runner.inFlight.isEmpty { isBusy = true }
    }
    for lane in lanes.values where lane.waitingCount > 0 && lane.backoff.notBefore > turn.now {
      next = min(next, lane.backoff.notBefore)
    }
    if isBusy { next = min(next, nextLook) }
    return next == .max ? -1 : max(0, next - monotonicNow())
  }

  /// What a runner printed is read before what it says about its task, and its end comes last.
  private func handle(_ events: ArraySlice<weir_event>) {
    for order in [Runner.Source.output, .errors, .socket, .end] {
      for event in events where event.tag & 3 == order.rawValue && event.tag != Self.inboxTag {
        guard let runner = runners[Int(event.tag >> 2)] else { continue }
        switch order {
        case .output, .errors:
          runner.readOutput(order)
          if event.events & UInt32(WEIR_ENDED) != 0, event.events & UInt32(WEIR_READABLE) == 0 { unwatch(runner, order) }
        case .socket:
          if event.events & UInt32(WEIR_WRITABLE) != 0 { runner.isDirty = true }
          if event.events & UInt32(WEIR_READABLE | WEIR_ENDED) != 0 { readSocket(of: runner, event) }
        case .end: ended(runner)
        }
      }
    }
    if events.contains(where: { $0.tag == Self.inboxTag }) { weir_eventfd_clear(inbox.event) }
  }

  private func readSocket(of runner: Runner, _ event: weir_event) {
    runner.readSocket()
    runner.countTurnaround()
    // A socket that ended stays ready for ever: only the process's end is of interest now.
    if runner.endBy != nil || event.events & UInt32(WEIR_READABLE) == 0 { unwatch(runner, .socket) }
    if runner.isRetiring { runner.retire() }
  }

  private func unwatch(_ runner: Runner, _ source: Runner.Source) {
    guard let process = runner.process else { return }
    let descriptor = source == .socket ? process.socket : source == .output ? process.output : process.errors
    _ = weir_epoll_remove(epoll, descriptor)
  }

  private func tick() {
    for runner in runners.values { if let due = runner.nextDeadline, due <= turn.now { runner.tick() } }
    // A thread of this process cannot be killed: it is given up instead.
    for runner in runners.values where runner.ladder.isKilled && runner.process?.isThread == true { ended(runner) }
    guard turn.now >= nextLook else { return }
    nextLook = turn.now + configuration.memoryInterval.nanoseconds
    for runner in runners.values where !runner.inFlight.isEmpty { runner.lookAtMemory() }
  }

  /// While every busy runner has work in its socket, outcomes are gathered instead of waking for each one.
  private func napIfAhead() {
    var nap = Nanoseconds.max
    for runner in runners.values {
      if runner.state != .ready || !runner.pending.isEmpty { return }
      guard let last = runner.inFlight.last else { continue }
      let average = runner.lane.pace(of: last.call.handler).average ?? .max
      if average >= Pace.quick || runner.inFlight.count < 4 { return }
      nap = min(nap, runner.turnaround * Nanoseconds(runner.inFlight.count) / 2)
    }
    if nap != .max, nap >= 30_000 { weir_nap(inbox.event, min(nap, 1_000_000)) }
  }

  // MARK: the life of a runner

  func start(_ lane: Lane) {
    let runner = Runner(id: nextRunner, lane: lane, turn: turn)
    nextRunner += 1
    runner.epoll = epoll
    runners[runner.id] = runner
    lane.runners.append(runner)
    let (starter, inbox, id) = (starter, inbox, runner.id)
    chores.add {
      do throws(RunnersError) {
        inbox.put(.started(runner: id, .success(try starter.start())))
      } catch {
        inbox.put(.started(runner: id, .failure(error)))
      }
    }
  }

  func started(_ id: Int, _ result: Result<RunnerProcess, RunnersError>) {
    guard let runner = runners[id] else { return }
    switch result {
    case .failure(let error):
      remove(runner)
      loadFailed(
        runner.lane, Runner.LoadFailure(kind: .returned, text: error.description, isPlugins: false))
    case .success(let process):
      runner.process = process
      runner.state = .loading(until: turn.now + configuration.loadTimeout.nanoseconds)
      for (descriptor, source) in [
        (process.socket, Runner.Source.socket), (process.output, .output), (process.errors, .errors),
        (process.end, .end),
      ] {
        _ = weir_epoll_add(epoll, descriptor, UInt32(WEIR_READABLE), runner.tag(source))
      }
      runner.hello(scratch: process.scratch)
      if isStopping { runner.stop(.abandoned) }
    }
  }

  private func ended(_ runner: Runner) {
    let scratch = runner.process?.scratch
    let (isOver, failure) = runner.processEnded()
    guard isOver else { return }
    remove(runner)
    if let scratch { chores.add { ScratchFolder.remove(scratch) } }
    if let failure { loadFailed(runner.lane, failure) }
  }

  private func remove(_ runner: Runner) {
    runners[runner.id] = nil
    runner.lane.runners.removeAll { $0 === runner }
    runner.lane.endedAt = turn.now
    if runner.lane.isUnused { lanes[runner.lane.build] = nil }
  }

  /// The first task bears a failure that is its plugin's; the others go back, so that no host sits on what it cannot do.
  private func loadFailed(_ lane: Lane, _ failure: Runner.LoadFailure) {
    let delay = lane.backoff.failed(now: turn.now)
    lanes[lane.build] = lane
    var tasks = lane.takeAll()[...]
    if failure.isPlugins, let first = tasks.popFirst() {
      var outcome = Wording(plugin: lane.build.plugin, call: first.call).outcome(failure.kind, failure.text)
      if case .refused = failure.kind {} else { outcome.endedRunner = true }
      turn.ended(outcome)
    }
    for task in tasks {
      turn.ended(
        Wording(plugin: lane.build.plugin, call: task.call).outcome(
          .returned, "had not started when a runner could not be started: \(failure.text)"))
    }
    turn.delegate.startFailed(
      lane.build, message: "plugin \"\(lane.build.plugin)\": \(failure.text)", delay: .nanoseconds(delay))
  }

  // MARK: tasks

  func submit(_ calls: [TaskCall], _ build: RunnerBuild) {
    taken += calls.count
    let lane = lanes[build] ?? Lane(build: build)
    lanes[build] = lane
    for call in calls {
      let task = InFlight(call: call, number: nextNumber)
      nextNumber += 1
      if isDraining {
        turn.ended(Wording(plugin: build.plugin, call: call).outcome(.returned, "its host is stopping"))
      } else {
        lane.add(task)
      }
    }
  }
}
