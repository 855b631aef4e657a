internal import Glibc

// The end of a runner, and what it means for the tasks in its hands.
extension Runner {
  /// Why a runner that never became ready is gone.
  struct LoadFailure {
    var kind: Outcome.Kind
    var text: String
    /// The plugin's fault, or the machine's.
    var isPlugins: Bool
  }

  /// The process ended: reads what it left, and says what became of its tasks.
  ///
  /// - Returns: nil while it cannot be reaped yet; else why it could not be loaded, if that is how it ended.
  func processEnded() -> (isOver: Bool, failure: LoadFailure?) {
    guard let process, let (end, cpu, peak) = process.reap() else { return (false, nil) }
    process.kill()  // what it started may have outlived it
    readOutputs()
    if !ladder.isKilled { readSocket(toTheEnd: true) }
    flushLines()
    dropPendingCalls()
    defer { close() }
    switch state {
    case .starting, .loading: return (true, loadFailure(end))
    case .ready, .stopping: break
    }
    returnTasks(end, cpu: cpu, peakKB: peak)
    return (true, nil)
  }

  private func loadFailure(_ end: ProcessEnd) -> LoadFailure {
    if let refusal { return LoadFailure(kind: .refused(refusal), text: "was not loaded: \(refusal)", isPlugins: true) }
    if case .protocolBroken(let text) = ladder.cause {
      return LoadFailure(kind: .protocolBroken(text), text: "while its library was loaded, \(text)", isPlugins: true)
    }
    let text = "the runner \(end.text) while it loaded the library"
    switch end {
    case .signal(let signal): return LoadFailure(kind: .crashed(signal: signal), text: text, isPlugins: true)
    case .exit(let code): return LoadFailure(kind: .exited(code: code), text: text, isPlugins: true)
    case .unknown: return LoadFailure(kind: .exited(code: -1), text: text, isPlugins: false)
    }
  }

  private func returnTasks(_ end: ProcessEnd, cpu: Duration, peakKB: Int) {
    var tasks = inFlight[...]
    inFlight = []
    if hasDiedBetween(tasks.first) {
      report(.warning, .host, "its runner ended between two tasks: it \(end.text)", task: nil)
    } else if let first = tasks.popFirst() {
      var outcome = outcomeOfFirst(first, end)
      outcome.endedRunner = true
      outcome.cpu = max(.zero, cpu - reportedCPU)
      outcome.peakMemoryKB = peakKB
      outcome.wall = .nanoseconds(max(0, turn.now - first.startedAt))
      turn.ended(outcome)
    }
    for task in tasks {
      turn.ended(
        task.isCancelled
          ? wording(task).outcome(.cancelled, "was cancelled before it started")
          : wording(task).outcome(.returned, "had not started when its runner ended"))
    }
  }

  /// Whether the runner ended by itself before it began its next task, which then is not to blame.
  ///
  /// The runner's word counts only where it served a task before: so a library that ends every runner at once, or one that
  /// writes into the page, cannot have its tasks come back for ever.
  private func hasDiedBetween(_ next: InFlight?) -> Bool {
    guard let next, served > 0, ladder.cause == nil, let process else { return false }
    return process.begun < next.number
  }

  private func outcomeOfFirst(_ task: InFlight, _ end: ProcessEnd) -> Outcome {
    let words = wording(task)
    if let cause = ladder.cause {
      if ladder.isKilled { return words.killed(by: cause, grace: .nanoseconds(min(ladder.grace, turn.configuration.grace.nanoseconds))) }
      var outcome = words.stopped(by: cause)
      outcome.message += "; the runner \(end.text)"
      return outcome
    }
    return words.ended(end)
  }

  /// STOP, and what follows if it does not obey. The runner has no task in hand.
  func retire() {
    guard state == .ready, inFlight.isEmpty else { return }
    state = .stopping(killAt: turn.now + turn.configuration.closeTimeout.nanoseconds)
    output.append { $0.appendFrame(.stop) { _ in } }
    isDirty = true
  }

  func close() {
    output.clear()
    process?.close()
    process = nil
  }
}
