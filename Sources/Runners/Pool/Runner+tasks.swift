internal import HandlerLoader
internal import HandlerLoader
internal import Workflow

// What the host sends to a runner, and what comes of it.
extension Runner {
  func hello(scratch: String) {
    output.append { $0.appendHello(lane.build, configuration: turn.configuration, scratch: scratch) }
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
        payload.appendGranted(call.granted)
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
    if let stopGrace { stop(.hostStopping, grace: stopGrace) }
  }

  /// The folder that the runner keeps fresh for the task in hand.
  var scratch: String { "\(process?.scratch ?? "")/\(WEIR_SCRATCH)" }

  func takeOutcome(_ head: FrameHead, _ cursor: inout PayloadCursor) throws(FrameError) {
    guard let task = inFlight.first, task.number == head.task else {
      throw FrameError("it speaks of task number \(head.task), which is not in hand")
    }
    var outcome = try readOutcome(of: task, &cursor)
    let time = Nanoseconds(clamping: outcome.wall.nanoseconds)
    if task.call.isCheck == false { lane.measured(task.call.handler, time) }
    if inFlight.count == 1 {  // what it printed stands before its outcome
      readOutputs()
      flushLines()
    }
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
    inFlight.first?.heardAt = turn.now
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

extension [UInt8] {
  /// These need only be declared by a handler, never granted: they give it nothing but its own.
  private static let free = "weir.log/1\nweir.progress/1\nweir.metric/1\nweir.cancel/1\nweir.checkpoint/1"

  fileprivate mutating func appendGranted(_ services: [String]) {
    let size = services.reduce(Self.free.utf8.count) { $0 + 1 + $1.utf8.count }
    appendLittleEndian(UInt32(size))
    append(contentsOf: Self.free.utf8)
    for service in services {
      append(UInt8(ascii: "\n"))
      append(contentsOf: service.utf8)
    }
  }
}
