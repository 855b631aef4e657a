import Workflow

/// How a stage ends whose tasks have all ended.
struct StageClosing {
  let state: StageState
  let reason: String?

  init(_ counters: StageCounters, definition: StageDefinition?) {
    let tolerate = definition?.tolerate ?? .none
    if counters.isCancelling {
      state = .cancelled
      reason = nil
    } else if tolerate.bears(counters.errors, of: counters.elements) {
      state = .completed
      reason = nil
    } else {
      state = .failed
      reason = Self.reason(counters, tolerate)
    }
  }

  private static func reason(_ counters: StageCounters, _ tolerate: Tolerance) -> String {
    var parts: [String] = []
    if counters.failed > 0 {
      parts.append("\(counters.failed) of \(counters.tasksTotal) \(counters.tasksTotal == 1 ? "task" : "tasks") failed")
    }
    if counters.rejects > 0 { parts.append("\(counters.rejects) \(counters.rejects == 1 ? "reject" : "rejects")") }
    return "\(parts.joined(separator: " and ")), more than it tolerates (\(tolerate.text))"
  }
}

extension Tolerance {
  fileprivate var text: String {
    switch self {
    case .count(let count): "\(count)"
    case .percent: json.stringValue ?? ""
    }
  }
}
