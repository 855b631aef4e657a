internal import HandlerLoader
internal import Workflow

// What the host sends to a runner, and what comes of it.
extension Runner {
  func hello(library: RunnerBuild, scratch: String) {
    let configuration = turn.configuration
    var sandbox = 0
    if configuration.isSandboxed && configuration.isolation == .process {
      sandbox = WEIR_SANDBOX_FILES | WEIR_SANDBOX_CALLS | (library.mayConnect ? 0 : WEIR_SANDBOX_TCP)
    }
    output.append { bytes in
      bytes.appendFrame(.hello) { payload in
        payload.appendField(library.library.utf8)
        payload.appendField(library.configuration.bytes)
        payload.appendField(configuration.hostVersion.utf8)
        payload.appendLittleEndian(UInt64(WEIR_PROTOCOL))
        payload.appendField(scratch.utf8)
        payload.appendField(library.readable.joined(separator: "\n").utf8)
        payload.appendLittleEndian(UInt64(max(0, library.addressSpaceMB)))
        payload.appendLittleEndian(UInt64(sandbox))
      }
    }
    isDirty = true
  }

  /// Puts a task into the runner's hands.
  func send(_ task: InFlight, unixNow: Int64) {
    let call = task.call
    output.append { bytes in
      bytes.appendFrame(.task, task: task.number, flags: call.isCheck ? 1 : 0) { payload in
        payload.appendField(call.jobID.utf8)
        payload.appendField(call.stage.utf8)
        payload.appendField(call.taskID.utf8)
        payload.appendField(call.handler.utf8)
        payload.appendLittleEndian(UInt64(clamping: call.attempt))
        payload.appendLittleEndian(UInt64(clamping: call.attempts))
        payload.appendLittleEndian(UInt64(bitPattern: task.deadline(startingAt: unixNow)))
        payload.appendLittleEndian(UInt64(clamping: call.memoryMB))
        payload.appendLittleEndian(UInt64(clamping: call.threads))
        if let trace = call.traceparent { payload.appendField(trace.utf8) } else { payload.appendNullField() }
        payload.appendField(call.granted.joined(separator: "\n").utf8)
        payload.appendField(call.params)
      }
    }
    lastNumber = task.number
    inFlight.append(task)
    if inFlight.count == 1 { begin(task) }
    isDirty = true
  }

  private func begin(_ task: InFlight) {
    task.startedAt = turn.now
    if task.isCancelled { stop(.cancelled) }
  }

  /// The folder that the runner makes for this task.
  func scratch(of task: InFlight) -> String { "\(process?.scratch ?? "")/\(task.number)" }

  func takeOutcome(_ head: FrameHead, _ cursor: inout PayloadCursor) throws(FrameError) {
    guard let task = inFlight.first, task.number == head.task else {
      throw FrameError("it speaks of task number \(head.task), which is not in hand")
    }
    var outcome = try readOutcome(of: task, &cursor)
    let time = Nanoseconds(clamping: outcome.wall.nanoseconds)
    if task.call.isCheck == false { lane.measured(task.call.handler, time) }
    if time >= 2_000_000 { readOutputs() }  // what it printed before stands before its outcome
    if let cause = ladder.taskReturned() {
      process?.clearCancel()
      if outcome.kind != .completed {
        let stopped = wording(task).stopped(by: cause)
        outcome.kind = stopped.kind
        outcome.message = stopped.message
      }
    }
    finish(outcome, task)
    if pending.isEmpty == false { cancelPendingCalls() }
    served += 1
    lastUsed = turn.now
    reportedCPU += outcome.cpu
    if served >= turn.configuration.tasksPerRunner { isRetiring = true }
    if time >= 100_000_000 { lookAtMemory() }
    if let next = inFlight.first { begin(next) }
  }

  private func readOutcome(of task: InFlight, _ cursor: inout PayloadCursor) throws(FrameError) -> Outcome {
    let status = Int64(bitPattern: try cursor.unsigned())
    let message = try cursor.text("message")
    let details = try json("details", &cursor)
    let lastError = try json("last_error", &cursor)
    let result = try json("result", &cursor)
    let metrics = try json("metrics", &cursor)
    let itemCount = try cursor.unsigned()
    let items = try cursor.field().map { [UInt8]($0) } ?? []
    let rejectCount = try cursor.unsigned()
    let rejects = try cursor.field().map { [UInt8]($0) } ?? []
    let (cpu, peak, time) = (try cursor.unsigned(), try cursor.unsigned(), try cursor.unsigned())
    try cursor.end()
    try checkLines(items, count: itemCount, of: .items)
    try checkLines(rejects, count: rejectCount, of: .rejects)
    guard status == 0 || (100...499).contains(status) else {
      throw FrameError("the handler returned \(status), which is no status (0, or 100 to 499)")
    }
    var outcome = Outcome(
      token: task.call.token, kind: status == 0 ? .completed : .failed(status: Int32(status)),
      message: message ?? (status == 0 ? "" : "returned \(status) without a message"))
    outcome.details = details
    outcome.lastError = lastError
    outcome.result = result
    outcome.metrics = metrics
    outcome.items = items
    outcome.itemCount = Int(itemCount)
    outcome.rejects = rejects
    outcome.rejectCount = Int(rejectCount)
    outcome.cpu = .microseconds(Int64(clamping: min(cpu, 1 << 50)))
    outcome.peakMemoryKB = Int(clamping: peak)
    outcome.wall = .microseconds(Int64(clamping: min(time, 1 << 50)))
    return outcome
  }

  private func json(_ name: String, _ cursor: inout PayloadCursor) throws(FrameError) -> RawJSON? {
    guard let raw = try cursor.field() else { return nil }
    guard raw.count <= Frames.maximumItem else {
      throw FrameError("its \(name) has \(raw.count) bytes, over the limit of \(Frames.maximumItem)")
    }
    do throws(JSONSyntaxError) {
      return try RawJSON(validating: [UInt8](raw), limits: Frames.limits)
    } catch {
      throw FrameError("its \(name) is not valid JSON: \(error)")
    }
  }

  private func finish(_ outcome: Outcome, _ task: InFlight) {
    if let dropped = task.lines?.dropped, dropped > 0 {
      report(.warning, .host, "\(dropped) log lines of this task were dropped: it wrote too many", task: task)
    }
    inFlight.removeFirst()
    turn.ended(outcome)
  }

  // MARK: service calls

  func send(_ answer: ServiceCall.Answer, call: UInt64, task: UInt64) {
    output.append { bytes in
      if answer.descriptor == nil && answer.fields.count < 32 << 10 {
        bytes.appendFrame(.reply, task: task, call: call) { payload in
          payload.append(contentsOf: answer.head)
          payload.append(contentsOf: answer.fields)
        }
      }
    }
    if answer.descriptor != nil || answer.fields.count >= 32 << 10 {
      var head: [UInt8] = []
      FrameHead(.reply, payloadSize: answer.head.count + answer.fields.count, task: task, call: call).write(to: &head)
      output.append(head + answer.head, descriptor: answer.descriptor)
      output.append(answer.fields)
    }
    isDirty = true
  }

  /// A service answers; late answers are dropped.
  func reply(call: UInt64, _ answer: ServiceCall.Answer) {
    guard let waiting = pending.removeValue(forKey: call) else { return answer.discard() }
    pendingBytes -= waiting.size
    send(answer, call: call, task: waiting.task)
    watchSocket()
  }

  func cancelPendingCalls() {
    for (number, waiting) in pending {
      waiting.call?.cancel()
      guard let code = waiting.call?.code, code != .checkpointSave else { continue }
      pending[number] = nil
      pendingBytes -= waiting.size
      send(code.refusal(status: 400, "the task was cancelled"), call: number, task: waiting.task)
    }
    watchSocket()
  }

  func dropPendingCalls() {
    for waiting in pending.values { waiting.call?.cancel() }
    pending.removeAll()
    pendingBytes = 0
  }

  func credit(task: UInt64, bytes: Int) {
    guard let first = inFlight.first, first.number == task else { return }
    first.uncredited -= bytes
    output.append { $0.appendFrame(.credit, task: task) { $0.appendLittleEndian(UInt64(bytes)) } }
    isDirty = true
  }
}
