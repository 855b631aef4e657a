/// The tasks and runners of one build.
final class Lane {
  let build: RunnerBuild
  var runners: [Runner] = []
  var backoff = Backoff()
  /// When its last runner ended.
  var endedAt: Nanoseconds = 0
  /// What the sandbox lacks was said once.
  var hasNote = false
  /// How many more tasks of this build are welcome, at the end of the last turn.
  var capacity = 1
  private(set) var paces: [String: Pace] = [:]
  /// A handler became quick, or ceased to be, since it was last asked.
  var hasNewPace = false
  /// The handler whose task ended last.
  private var latest: String?
  private var waiting: [InFlight] = []
  private var head = 0

  init(build: RunnerBuild) {
    self.build = build
  }

  var waitingCount: Int { waiting.count - head }
  var first: InFlight? { head < waiting.count ? waiting[head] : nil }
  var isUnused: Bool { runners.isEmpty && waitingCount == 0 && backoff.notBefore == 0 }

  func add(_ task: InFlight) {
    waiting.append(task)
  }

  func takeFirst() -> InFlight {
    defer {
      head += 1
      if head == waiting.count || head > 4096 {
        waiting.removeFirst(head)
        head = 0
      }
    }
    return waiting[head]
  }

  func takeAll() -> [InFlight] {
    defer {
      waiting.removeAll()
      head = 0
    }
    return Array(waiting[head...])
  }

  func take(token: Int64) -> InFlight? {
    guard let index = waiting[head...].firstIndex(where: { $0.call.token == token }) else { return nil }
    return waiting.remove(at: index)
  }

  func pace(of handler: String) -> Pace { paces[handler] ?? Pace() }

  func measured(_ handler: String, _ time: Nanoseconds) {
    latest = handler
    let wasQuick = paces[handler]?.isQuick ?? false
    paces[handler, default: Pace()].measured(time)
    if paces[handler]?.isQuick != wasQuick { hasNewPace = true }
  }

  /// How many tasks of this build one runner should have waiting, by the handler that waits or was called last.
  func welcome(limit: Int) -> Int {
    ((first?.call.handler ?? latest).map { pace(of: $0) } ?? Pace()).welcome(limit: limit)
  }
}
