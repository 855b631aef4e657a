/// Why a job, stage or task that has not ended does not run.
public enum WaitingReason: Sendable, Hashable {
  /// A time in RFC 3339, as in all of these.
  case notBefore(String)
  case jobPaused(by: String, why: String?)
  case stagePaused(by: String, why: String?)
  case stages([String])
  case noHost(handler: String)
  /// Every host that offers the handler does so with a build that is quarantined.
  case quarantined(handler: String, libraryHash: String)
  /// Said by whoever limits.
  case limit(String)
  case backoff(until: String)
  case noRunner

  /// For programs.
  public var code: String {
    switch self {
    case .notBefore: "not_before"
    case .jobPaused, .stagePaused: "paused"
    case .stages: "stages"
    case .noHost: "no_host"
    case .quarantined: "quarantined"
    case .limit: "limit"
    case .backoff: "backoff"
    case .noRunner: "no_runner"
    }
  }

  public static let codes = ["not_before", "paused", "stages", "no_host", "quarantined", "limit", "backoff", "no_runner"]

  /// For a person.
  public var text: String {
    switch self {
    case .notBefore(let time): "not before \(time)"
    case .jobPaused(let by, let why): "the job is paused by \(by)\(why.map { ": \($0)" } ?? "")"
    case .stagePaused(let by, let why): "the stage is paused by \(by)\(why.map { ": \($0)" } ?? "")"
    case .stages(let names):
      "waits for \(names.count == 1 ? "stage" : "stages") \(names.map { "\"\($0)\"" }.joined(separator: ", "))"
    case .noHost(let handler): "no host offers handler \"\(handler)\""
    case .quarantined(let handler, let hash):
      "the build of handler \"\(handler)\" (\(hash.prefix(12))) is quarantined: release it, or offer a new one"
    case .limit(let text): text
    case .backoff(let time): "tried again at \(time)"
    case .noRunner: "waits for a free runner"
    }
  }

  public var json: JSON { ["code": .string(code), "text": .string(text)] }
}

/// What is known of a stage when one asks why it does not run.
public struct StageStanding: Sendable {
  /// How alive hosts offer its handler.
  public enum Offer: Sendable, Hashable {
    case offered, none
    case quarantined(libraryHash: String)
  }

  public var state: StageState
  public var handler: String
  /// Stages that it needs and that have not ended.
  public var missing: [String]
  public var running: Int
  public var offer: Offer
  /// What keeps its tasks, as whoever limits says it.
  public var limit: String?
  /// When the first of its tasks is due; nil when one is already.
  public var nextDue: String?
  public var pausedBy: String?
  public var pausedWhy: String?

  public init(
    state: StageState, handler: String, missing: [String] = [], running: Int = 0, offer: Offer = .offered, limit: String? = nil,
    nextDue: String? = nil, pausedBy: String? = nil, pausedWhy: String? = nil
  ) {
    self.state = state
    self.handler = handler
    self.missing = missing
    self.running = running
    self.offer = offer
    self.limit = limit
    self.nextDue = nextDue
    self.pausedBy = pausedBy
    self.pausedWhy = pausedWhy
  }

  /// Why nothing of the stage runs; nil when something does, or it has ended.
  /// - Parameter job: why nothing of its whole job may begin.
  public func waitingReason(job: WaitingReason?) -> WaitingReason? {
    state.isFinal || running > 0 ? nil : taskWaitingReason(job: job, dueAt: nextDue)
  }

  /// Why a task of it waits that is due at a time; nil: it is due.
  public func taskWaitingReason(job: WaitingReason?, dueAt: String?) -> WaitingReason? {
    if state.isFinal { return nil }
    if let pausedBy { return .stagePaused(by: pausedBy, why: pausedWhy) }
    if let job { return job }
    if state == .waiting { return missing.isEmpty ? nil : .stages(missing) }
    switch offer {
    case .none: return .noHost(handler: handler)
    case .quarantined(let hash): return .quarantined(handler: handler, libraryHash: hash)
    case .offered: break
    }
    if let dueAt { return .backoff(until: dueAt) }
    return limit.map(WaitingReason.limit) ?? .noRunner
  }
}
