internal import Glibc
internal import Workflow

// What a plugin prints, and how much memory it has.
extension Runner {
  /// Reads stdout and stderr as log lines of the task in hand.
  func readOutputs() {
    readOutput(.output)
    readOutput(.errors)
  }

  func readOutput(_ source: Source) {
    guard let process else { return }
    withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 16) { room in
      // A plugin that prints without end must not keep the loop for itself: the rest at the next turn.
      for _ in 0..<4 {
        let count = read(source == .output ? process.output : process.errors, room.baseAddress, room.count)
        if count <= 0 { return }
        let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(room)[..<count])
        if source == .output {
          lines.output.take(bytes) { log(.info, .stdout, $0, task: inFlight.first) }
        } else {
          lines.errors.take(bytes) { log(.warning, .stderr, $0, task: inFlight.first) }
        }
        if count < room.count { return }
      }
    }
  }

  func flushLines() {
    lines.output.flush { log(.info, .stdout, $0, task: inFlight.first) }
    lines.errors.flush { log(.warning, .stderr, $0, task: inFlight.first) }
  }

  func log(_ level: LogLine.Level, _ source: LogLine.Source, _ text: String, fields: RawJSON? = nil, task: InFlight?) {
    let configuration = turn.configuration
    if let task {
      if task.lines == nil {
        task.lines = LineAllowance(burst: configuration.logBurst, perSecond: configuration.logRate, now: turn.now)
      }
      guard task.lines!.allows(now: turn.now) else { return }  // set two lines above
    } else {
      guard idleLines.allows(now: turn.now) else { return }
    }
    report(level, source, text, fields: fields, task: task)
  }

  func report(
    _ level: LogLine.Level, _ source: LogLine.Source, _ text: String, fields: RawJSON? = nil, task: InFlight?
  ) {
    turn.delegate.logged(
      LogLine(
        token: task?.call.token, plugin: plugin, level: level, source: source, message: text, fields: fields))
  }

  /// Ends a task that uses more than it may, and retires a runner that grew.
  func lookAtMemory() {
    guard state == .ready, let process, !process.isThread, !ladder.isKilled else { return }
    let used = process.residentMB()
    if let limit = inFlight.first?.call.memoryMB, limit > 0, used > limit {
      return stop(.memory(usedMB: used, limitMB: limit))
    }
    let isBetweenTasks = inFlight.first.map { lane.pace(of: $0.call.handler).average ?? .max < Pace.quick } ?? true
    if isBetweenTasks, used > readyMB + turn.configuration.growthLimitMB { isRetiring = true }
  }
}
