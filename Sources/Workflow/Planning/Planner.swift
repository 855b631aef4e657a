/// Says what follows for a job, from the states of its stages. Decides only: `Engine` carries the actions out.
public enum Planner {
  /// One stage as the planner sees it.
  public struct Stage: Sendable {
    public var id: String
    public var needs: [String]
    /// Whether it is opened although a stage that it needs was skipped.
    public var opensIfSkipped: Bool
    public var state: StageState
    /// Whether rejects or failed tasks lie behind it.
    public var hasErrors: Bool

    public init(id: String, needs: [String], opensIfSkipped: Bool = false, state: StageState, hasErrors: Bool = false) {
      self.id = id
      self.needs = needs
      self.opensIfSkipped = opensIfSkipped
      self.state = state
      self.hasErrors = hasErrors
    }
  }

  /// What to do next. Stages are named by their id.
  public enum Action: Sendable, Equatable {
    case open(String)
    case skip(String, reason: String)
    case fail(String, reason: String)
    case cancel(String)
    case finish(JobState)
  }

  /// The actions that follow, in the order in which they must be carried out; empty while stages are running.
  ///
  /// A stage that opens with nothing to do is closed by the caller, who then asks again.
  /// - Parameter holds: evaluates the `when` of a stage whose needs have all ended; a throw fails that stage.
  public static func next(
    _ stages: [Stage], isCancelled: Bool, holds: (String) throws -> Bool
  ) -> [Action] {
    var states = Dictionary(uniqueKeysWithValues: stages.map { ($0.id, $0.state) })
    var actions: [Action] = []
    var changed = true
    while changed {
      changed = false
      for stage in stages where states[stage.id] == .waiting {
        guard let action = decide(stage, states, isCancelled: isCancelled, holds: holds) else { continue }
        states[stage.id] = action.stateAfterwards
        actions.append(action)
        changed = true
      }
    }
    if states.values.allSatisfy(\.isFinal) {
      let hasErrors = stages.contains(where: \.hasErrors)
      actions.append(.finish(end(of: Set(states.values), hasErrors: hasErrors)))
    }
    return actions
  }

  private static func decide(
    _ stage: Stage, _ states: [String: StageState], isCancelled: Bool, holds: (String) throws -> Bool
  ) -> Action? {
    if isCancelled { return .cancel(stage.id) }
    let needs = stage.needs.map { ($0, states[$0] ?? .failed) }
    guard needs.allSatisfy({ $0.1.isFinal }) else { return nil }
    if let (id, state) = needs.first(where: { $0.1 == .failed || $0.1 == .cancelled }) {
      return .skip(stage.id, reason: "stage \"\(id)\" \(state == .failed ? "failed" : "was cancelled")")
    }
    if let (id, _) = needs.first(where: { $0.1 == .skipped }), !stage.opensIfSkipped {
      return .skip(stage.id, reason: "stage \"\(id)\" was skipped")
    }
    do {
      return try holds(stage.id) ? .open(stage.id) : .skip(stage.id, reason: "its condition does not hold")
    } catch {
      return .fail(stage.id, reason: "its condition cannot be evaluated: \(error)")
    }
  }

  private static func end(of states: Set<StageState>, hasErrors: Bool) -> JobState {
    if states.contains(.cancelled) { return .cancelled }
    if states.contains(.failed) { return .failed }
    return hasErrors ? .completedWithErrors : .completed
  }
}

extension Planner.Action {
  fileprivate var stateAfterwards: StageState {
    switch self {
    case .open: .running
    case .skip: .skipped
    case .fail: .failed
    case .cancel: .cancelled
    case .finish: .completed
    }
  }
}
