internal import Workflow

// What a runner sends. All of it is untrusted: the plugin shares its process and can write into its socket.
extension Runner {
  /// Reads what is there. `toTheEnd`: the process has ended and nothing more will come.
  func readSocket(toTheEnd: Bool = false) {
    guard let process else { return }
    repeat {
      if !isReading { return }
      switch input.receive(from: process.socket) {
      case .some: takeFrames()
      case .nothing: return
      case .ended:
        isReading = false
        watchSocket()
        if !toTheEnd { endBy = turn.now + 1_000_000_000 }
        return
      }
    } while toTheEnd
  }

  private func takeFrames() {
    do throws(FrameError) {
      while isReading, let (head, payload) = try input.next() {
        guard let kind = FrameHead.Kind(rawValue: head.kind) else { return }  // `next` lets no other kind pass
        do throws(FrameError) {
          try take(kind, head, payload)
        } catch {
          breakProtocol("the runner sent a broken \(kind) frame: \(error.message)")
        }
      }
    } catch {
      breakProtocol("the runner sent \(error.message): the plugin wrote into the runner's socket")
    }
  }

  private func take(
    _ kind: FrameHead.Kind, _ head: FrameHead, _ payload: UnsafeRawBufferPointer
  ) throws(FrameError) {
    if ladder.isKilled { return }
    var cursor = PayloadCursor(payload)
    switch kind {
    case .outcome: try takeOutcome(head, &cursor)
    case .call: try takeCall(head, payload)
    case .emit: try takeEmitted(head, &cursor)
    case .log: try takeLog(head, &cursor)
    case .progress:
      let (done, total) = (try cursor.unsigned(), try cursor.unsigned())
      let note = try cursor.text("note")
      try cursor.end()
      guard let task = try inHand(head) else { return }
      task.heardAt = turn.now
      turn.delegate.progressed(token: task.call.token, done: done, total: total, note: note.map { String($0.prefix(1000)) })
    case .ready: try takeReady(&cursor)
    case .refused:
      guard case .loading = state else { throw FrameError("the library was loaded before") }
      refusal = try cursor.text("reason") ?? "no reason given"
    case .hello, .task, .reply, .credit, .stop: return  // `next` lets no other kind pass
    }
  }

  private func takeReady(_ cursor: inout PayloadCursor) throws(FrameError) {
    guard case .loading = state else { throw FrameError("the runner was ready before") }
    _ = try cursor.field()  // the description, which `LibraryDescription` asks for
    let note = try cursor.text("note")
    try cursor.end()
    if let note, !lane.hasNote {
      lane.hasNote = true
      report(.warning, .host, "its runner could not be closed in as it should be: \(note)", task: nil)
    }
    state = .ready
    readySince = turn.now
    lastUsed = turn.now
    readyMB = process?.residentMB() ?? 0
    lane.backoff.succeeded()
  }

  /// The task that a frame speaks of; nil for one that is over, whose late frames are dropped.
  private func inHand(_ head: FrameHead) throws(FrameError) -> InFlight? {
    if let first = inFlight.first {
      if head.task == first.number { return first }
      if head.task < first.number { return nil }
    } else if head.task <= lastNumber {
      return nil
    }
    throw FrameError("it speaks of task number \(head.task), which is not in hand")
  }

  private func takeCall(_ head: FrameHead, _ payload: UnsafeRawBufferPointer) throws(FrameError) {
    guard let code = ServiceCode(rawValue: head.flags) else { throw FrameError("there is no call \(head.flags)") }
    guard pending[head.call] == nil else { throw FrameError("call number \(head.call) is not answered yet") }
    guard let task = try inHand(head) else { return answer(head, code, 206, "its task is over") }
    task.heardAt = turn.now
    // A handler that is told to stop may still save where it is; nothing else is begun.
    if ladder.cause != nil && code != .checkpointSave { return answer(head, code, 400, "the task was cancelled") }
    // Checkpoints need no grant: they are the task's own.
    guard code == .checkpointLoad || code == .checkpointSave || task.call.granted.contains(code.service) else {
      return answer(head, code, 201, "\(code.service) is not granted")
    }
    guard pending.count < 4096 else { throw FrameError("4096 calls wait for an answer already") }
    let (inbox, runner) = (turn.inbox, id)
    let call = ServiceCall(
      token: task.call.token, code: code, payload: [UInt8](payload), scratch: scratch
    ) { answer in
      inbox.put(.reply(runner: runner, call: head.call, answer))
    }
    pending[head.call] = PendingCall(task: head.task, size: payload.count, call: call)
    pendingBytes += payload.count
    turn.delegate.call(call)
    watchSocket()
  }

  private func answer(_ head: FrameHead, _ code: ServiceCode, _ status: Int32, _ message: String) {
    send(code.refusal(status: status, message), call: head.call, task: head.task)
  }

  private func takeEmitted(_ head: FrameHead, _ cursor: inout PayloadCursor) throws(FrameError) {
    let count = try cursor.unsigned()
    let chunk = try cursor.field().map { [UInt8]($0) } ?? []
    try cursor.end()
    guard let task = try inHand(head) else { return }
    task.heardAt = turn.now
    task.uncredited += chunk.count
    // The window, and one item over it: the runner counts before it sends.
    guard task.uncredited <= Frames.window + Frames.chunk + Frames.maximumItem else {
      throw FrameError("\(task.uncredited) bytes were emitted and not credited, over the window")
    }
    let kind: EmittedChunk.Kind = head.flags == 1 ? .rejects : .items
    try checkLines(chunk, count: count, of: kind)
    let (inbox, runner, number) = (turn.inbox, id, task.number)
    turn.delegate.emitted(
      EmittedChunk(token: task.call.token, kind: kind, count: Int(count), ndjson: chunk) {
        inbox.put(.credit(runner: runner, task: number, bytes: chunk.count))
      })
  }

  /// NDJSON must have as many values as it says, each valid.
  func checkLines(_ chunk: [UInt8], count: UInt64, of kind: EmittedChunk.Kind) throws(FrameError) {
    if chunk.isEmpty && count == 0 { return }
    do {
      let values = try NDJSON.split(validating: chunk[...], limits: Frames.limits)
      guard values.count == count else {
        throw FrameError("it says \(count) \(kind), but holds \(values.count)")
      }
    } catch let error as JSONSyntaxError {
      throw FrameError("its \(kind) are not valid JSON: \(error)")
    } catch let error as FrameError {
      throw error
    } catch {
      throw FrameError("its \(kind) cannot be read: \(error)")
    }
  }

  private func takeLog(_ head: FrameHead, _ cursor: inout PayloadCursor) throws(FrameError) {
    let level = LogLine.Level(rawValue: UInt8(clamping: min(try cursor.unsigned(), 3))) ?? .error
    let message = try cursor.field() ?? UnsafeRawBufferPointer(start: nil, count: 0)
    let fields = try cursor.field()
    try cursor.end()
    let longest = turn.configuration.logLineLimit
    let text = String(decoding: message.prefix(longest), as: UTF8.self).replacing("\0", with: "\u{FFFD}")
    // fields that are no JSON are left out: the message still stands
    let raw = fields.flatMap { $0.count > longest ? nil : try? RawJSON(validating: [UInt8]($0), limits: Frames.limits) }
    let task = head.task == 0 ? nil : try inHand(head)
    log(level, .service, message.count > longest ? text + " … (cut)" : text, fields: raw, task: task)
  }
}

/// Sizes that both sides keep to: macros of `frames.h` and `handler.h` that Swift does not see.
enum Frames {
  static let window = 2 << 20
  static let chunk = 256 << 10
  /// `WEIR_MAX_ITEM`.
  static let maximumItem = 1 << 20
  /// PostgreSQL's jsonb has no NUL.
  static let limits = JSONLimits(allowsNUL: false)
}
