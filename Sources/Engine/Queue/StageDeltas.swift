import Workflow

/// What a batch of completions moves in the counters of one stage.
struct StageDeltas {
  var stageID: Int64
  var running = 0
  var retrying = 0
  var queued = 0
  var completed = 0
  var failed = 0
  var cancelled = 0
  var items = 0
  var rejects = 0
  var failedItems = 0

  /// One entry a stage, by ascending stage id, so that transactions take the counters' locks in one order.
  static func of(_ completions: [Completion]) -> [StageDeltas] {
    var byStage: [Int64: StageDeltas] = [:]
    for completion in completions {
      byStage[completion.task.stageID, default: StageDeltas(stageID: completion.task.stageID)].add(completion)
    }
    return byStage.values.sorted { $0.stageID < $1.stageID }
  }

  private mutating func add(_ completion: Completion) {
    running -= 1
    switch completion.verdict {
    case .completed:
      completed += 1
      items += completion.items.count
      rejects += completion.rejects.count
    case .again(_, let isCounted):
      if isCounted || completion.task.failures > 0 { retrying += 1 } else { queued += 1 }
    case .failed:
      failed += 1
      failedItems += completion.itemsOfTask
    case .cancelled:
      cancelled += 1
    }
  }
}
