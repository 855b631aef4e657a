// Which runner gets which task, and which runner makes room for another build's.
extension RunnerLoop {
  func carryOut(_ command: Command) {
    switch command {
    case .submit(let calls, let build): submit(calls, build)
    case .cancel(let token, let reason, let grace): cancel(token, reason, grace)
    case .reply(let runner, let call, let answer):
      if let runner = runners[runner] { runner.reply(call: call, answer) } else { answer.discard() }
    case .credit(let runner, let task, let bytes): runners[runner]?.credit(task: task, bytes: bytes)
    case .started(let runner, let result): started(runner, result)
    case .drain: drain()
    case .stop(let grace):
      drain()
      isStopping = true
      for runner in runners.values { stop(runner, grace: grace) }
    case .abandon:
      drain()
      isStopping = true
      for runner in runners.values { abandon(runner) }
    }
  }

  private func cancel(_ token: Int64, _ reason: CancelReason, _ grace: Duration?) {
    for lane in lanes.values {
      if let task = lane.take(token: token) {
        let words = Wording(plugin: lane.build.plugin, call: task.call)
        return turn.ended(words.outcome(.cancelled, "was cancelled before it started"))
      }
    }
    for runner in runners.values {
      guard let index = runner.inFlight.firstIndex(where: { $0.call.token == token }) else { continue }
      if index == 0 { runner.stop(reason == .hostStopping ? .hostStopping : .cancelled, grace: grace) }
      runner.inFlight[index].isCancelled = true
      return
    }
  }

  /// What has not started goes back.
  private func drain() {
    isDraining = true
    for lane in lanes.values {
      for task in lane.takeAll() {
        turn.ended(
          Wording(plugin: lane.build.plugin, call: task.call).outcome(.returned, "its host is stopping"))
      }
    }
  }

  private func stop(_ runner: Runner, grace: Duration) {
    runner.isRetiring = true
    switch runner.state {
    case .starting: break  // ended when its process is there
    case .loading: runner.stop(.abandoned)
    case .ready:
      runner.stopGrace = grace
      if runner.inFlight.isEmpty { runner.retire() } else { runner.stop(.hostStopping, grace: grace) }
    case .stopping: break
    }
  }

  private func abandon(_ runner: Runner) {
    runner.isRetiring = true
    if runner.state != .starting { runner.stop(.abandoned) }
  }

  // MARK: handing out

  func handOut() {
    for runner in runners.values where runner.isRetiring && runner.state == .ready { runner.retire() }
    if isDraining { return }
    var waiting = lanes.values.filter { $0.waitingCount > 0 }
    // A free slot goes to the build that has the fewest runners, and then to the one that has been without for longest.
    if waiting.count > 1 { waiting.sort { ($0.runners.count, $0.endedAt) < ($1.runners.count, $1.endedAt) } }
    for lane in waiting {
      give(lane)
      guard lane.waitingCount > 0, turn.now >= lane.backoff.notBefore else { continue }
      startMore(lane)
    }
  }

  /// Fills the lane's runners evenly, refilling one when half of its tasks are done.
  private func give(_ lane: Lane) {
    let open = lane.runners.filter { $0.state == .ready && !$0.isRetiring && $0.ladder.cause == nil }
    if open.isEmpty { return }
    let inHand = open.reduce(0) { $0 + $1.inFlight.count }
    let share = (inHand + lane.waitingCount + open.count - 1) / open.count
    let unixNow = unixMilliseconds()
    for runner in open.sorted(by: { $0.inFlight.count < $1.inFlight.count }) {
      let before = runner.inFlight.count
      while let task = lane.first {
        let pace = lane.pace(of: task.call.handler)
        let depth = min(pace.depth(limit: configuration.pipelineDepth), share)
        if runner.inFlight.count >= max(1, depth) || (before > depth / 2 && before > 0) { break }
        // Nothing waits behind a task that is slow, or of which nothing is known.
        if let last = runner.inFlight.last, lane.pace(of: last.call.handler).average ?? .max >= Pace.quick { break }
        if runner.served + runner.inFlight.count >= configuration.tasksPerRunner { break }
        runner.send(lane.takeFirst(), unixNow: unixNow)
      }
    }
  }

  /// Starts runners for what waits; not for what the present ones will have done sooner than a new one could start.
  private func startMore(_ lane: Lane) {
    let starting = lane.runners.count { $0.state != .ready }
    var wanted = lane.waitingCount - starting
    if let task = lane.first, let average = lane.pace(of: task.call.handler).average, !lane.runners.isEmpty {
      let work = average * Nanoseconds(lane.waitingCount)
      wanted = min(wanted, Int(work / 1_000_000) - starting)
    }
    while wanted > 0, runners.count < slots {
      start(lane)
      wanted -= 1
    }
    if wanted > 0 { makeRoom(for: lane) }
  }

  /// Retires an idle runner of another build, or one of a build that has more than its share.
  private func makeRoom(for lane: Lane) {
    // One that is on its way out makes room already.
    if runners.values.contains(where: { $0.lane !== lane && ($0.isRetiring || isStopping($0)) }) { return }
    let others = runners.values.filter { $0.lane !== lane && $0.state == .ready && !$0.isRetiring }
    if let idle = others.filter({ $0.isIdle && $0.lane.waitingCount == 0 }).min(by: { $0.lastUsed < $1.lastUsed }) {
      return idle.retire()
    }
    let active = lanes.values.count { $0.waitingCount > 0 || !$0.runners.isEmpty }
    let share = max(1, slots / max(1, active))
    guard lane.runners.count < share else { return }
    let victim = others.filter { runner in
      let isAbove = runner.lane.runners.count > share
      // With fewer slots than builds they take turns, a second each.
      return isAbove || (lane.runners.isEmpty && turn.now - runner.readySince > 1_000_000_000)
    }
    guard let runner = victim.max(by: { $0.lane.runners.count < $1.lane.runners.count }) else { return }
    runner.isRetiring = true
    runner.retire()  // at once, if it has no task in hand: no event would come
  }

  private func isStopping(_ runner: Runner) -> Bool {
    if case .stopping = runner.state { true } else { false }
  }

  // MARK: capacity

  func updateCapacity() {
    if lanes.values.contains(where: \.hasNewPace) {
      for lane in lanes.values { lane.hasNewPace = false }
      shared.quickHandlers = Set(lanes.values.flatMap { lane in lane.paces.filter(\.value.isQuick).map(\.key) })
    }
    var inHand = 0
    var welcome = slots - runners.count
    for lane in lanes.values {
      let held = lane.waitingCount + lane.runners.reduce(0) { $0 + $1.inFlight.count }
      let each = lane.welcome(limit: configuration.pipelineDepth)
      inHand += held
      welcome += each * lane.runners.count
      lane.capacity = lane.backoff.notBefore > turn.now ? 0 : max(0, each * slots - held)
    }
    let capacity = isDraining ? 0 : max(0, welcome - inHand)
    if shared.update(capacity: capacity, inHand: inHand, taken: taken, lanes: lanes.values) { turn.delegate.slotsFreed() }
    taken = 0
  }
}
