internal import CKernel
internal import Glibc

/// One runner as the loop sees it, from its start to its reaping. Only the loop's thread touches it.
final class Runner {
  enum State: Equatable {
    case starting
    /// HELLO is sent; READY or REFUSED must come.
    case loading(until: Nanoseconds)
    case ready
    /// STOP is sent.
    case stopping(killAt: Nanoseconds)
  }

  struct PendingCall {
    var task: UInt64
    var size: Int
    weak var call: ServiceCall?
  }

  let id: Int
  let lane: Lane
  let turn: Turn
  var state = State.starting
  var process: RunnerProcess?
  /// Takes no more tasks, and stops when it has none.
  var isRetiring = false
  /// The host stops: each task that is in hand, and each that waits in the socket when its turn comes, has so long to end.
  var stopGrace: Duration?
  /// The first one runs, the others wait in the socket.
  var inFlight: [InFlight] = []
  var ladder = KillLadder()
  var input = InputBuffer()
  var output = OutputQueue()
  var isDirty = false
  var pending: [UInt64: PendingCall] = [:]
  var pendingBytes = 0
  /// Why the library was not loaded, in the runner's words.
  var refusal: String?
  /// The socket ended, and the process should have as well by this time.
  var endBy: Nanoseconds?
  var isReading = true
  var isWriting = false
  var readySince: Nanoseconds = 0
  var lastUsed: Nanoseconds = 0
  var served = 0
  /// The number of the task that was sent last.
  var lastNumber: UInt64 = 0
  /// How long a pipelined task takes, all included, as seen from here: what a nap is measured by.
  private(set) var turnaround: Nanoseconds = 0
  private var countedServed = 0
  private var countedAt: Nanoseconds = 0
  var reportedCPU: Duration = .zero
  var readyMB = 0
  /// For what is printed while no task is in hand.
  var idleLines: LineAllowance
  var lines: (output: LineSplitter, errors: LineSplitter)

  init(id: Int, lane: Lane, turn: Turn) {
    self.id = id
    self.lane = lane
    self.turn = turn
    let configuration = turn.configuration
    idleLines = LineAllowance(burst: configuration.logBurst, perSecond: configuration.logRate, now: turn.now)
    let longest = configuration.logLineLimit
    lines = (LineSplitter(longest: longest), LineSplitter(longest: longest))
  }

  var plugin: String { lane.build.plugin }
  var isIdle: Bool { state == .ready && inFlight.isEmpty && !isRetiring }

  func wording(_ task: InFlight) -> Wording { Wording(plugin: plugin, call: task.call) }

  /// When something must be done although nothing happens.
  var nextDeadline: Nanoseconds? {
    var next = ladder.killAt ?? .max
    if let first = inFlight.first, ladder.cause == nil {
      if let deadline = first.deadline { next = min(next, deadline) }
      if pending.isEmpty, let limit = first.silentUntil { next = min(next, limit) }
    }
    switch state {
    case .loading(let until): next = min(next, until)
    case .stopping(let killAt): if !ladder.isKilled { next = min(next, killAt) }
    case .starting, .ready: break
    }
    if let endBy, !ladder.isKilled { next = min(next, endBy) }
    return next == .max ? nil : next
  }

  /// Carries out what is due.
  func tick() {
    let now = turn.now
    if let action = ladder.tick(now: now) { carryOut(action) }
    if let first = inFlight.first, let deadline = first.deadline, now >= deadline, ladder.cause == nil {
      stop(.timeout(first.call.timeout ?? .zero))
    }
    if pending.isEmpty, let first = inFlight.first, let limit = first.silentUntil, now >= limit, ladder.cause == nil {
      stop(.noProgress(first.call.progressTimeout ?? .zero))
    }
    if ladder.isKilled { return }
    switch state {
    case .loading(let until) where now >= until:
      refusal = "it did not say READY within \(turn.configuration.loadTimeout.text)"
      stop(.abandoned)
    case .stopping(let killAt) where now >= killAt: stop(.abandoned)
    default: break
    }
    if let endBy, now >= endBy { breakProtocol("the runner's socket ended while it still ran: the plugin closed it") }
  }

  /// Ends the task in hand, or the runner itself when it has none.
  func stop(_ cause: StopCause, grace: Duration? = nil) {
    let grace = grace ?? turn.configuration.grace
    if let action = ladder.stop(cause, now: turn.now, grace: grace.nanoseconds) { carryOut(action) }
  }

  /// After each reading of outcomes.
  func countTurnaround() {
    guard served > countedServed else { return }
    if !inFlight.isEmpty, countedAt != 0 {
      let each = min(Pace.quick, (turn.now - countedAt) / Nanoseconds(served - countedServed))
      turnaround += (each - turnaround) / 4
    }
    countedAt = inFlight.isEmpty ? 0 : turn.now
    countedServed = served
  }

  func breakProtocol(_ text: String) {
    isReading = false
    stop(.protocolBroken(text))
    watchSocket()
  }

  private func carryOut(_ action: KillLadder.Action) {
    switch action {
    case .ask(let reason):
      guard let first = inFlight.first else { return }
      process?.raiseCancel(task: first.number, reason: reason)
      cancelPendingCalls()
    case .kill:
      dropPendingCalls()
      process?.kill()
    }
  }

  // MARK: watching

  /// Reads from the runner only while what it asked before does not fill the host's memory.
  func watchSocket() {
    guard let process else { return }
    let mayRead = isReading && pendingBytes < 64 << 20 && output.byteCount < 8 << 20
    let events = UInt32((mayRead ? WEIR_READABLE : 0) | (isWriting ? WEIR_WRITABLE : 0))
    if events != watched {
      watched = events
      _ = weir_epoll_change(epoll, process.socket, events, tag(.socket))
    }
  }

  enum Source: UInt64 { case socket, output, errors, end }

  func tag(_ source: Source) -> UInt64 { UInt64(id) << 2 | source.rawValue }

  var epoll: Int32 = -1
  private var watched = UInt32(WEIR_READABLE)

  /// Sends what waits; the rest when the socket has room again.
  func flush() {
    isDirty = false
    guard let process, !output.isEmpty else { return }
    switch output.flush(to: process.socket) {
    case .all: isWriting = false
    case .blocked: isWriting = true
    case .broken:  // the end of the process says why
      output.clear()
      isWriting = false
    }
    watchSocket()
  }
}
