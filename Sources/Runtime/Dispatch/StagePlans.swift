import Engine
import Synchronization

/// The plans of the stages whose tasks this host has in hand or had lately.
final class StagePlans: Sendable {
  private struct Cache {
    var plans: [Int64: StagePlan] = [:]
    var order: [Int64] = []
  }

  private let stages: Stages
  private let capacity: Int
  private let cache = Mutex(Cache())

  init(stages: Stages, capacity: Int = 256) {
    self.stages = stages
    self.capacity = capacity
  }

  /// Nil when there is no such stage any more.
  func plan(_ stageID: Int64) throws -> StagePlan? {
    if let known = cache.withLock({ $0.plans[stageID] }) { return known }
    guard let plan = try stages.plan(stageID) else { return nil }
    add([plan])
    return plan
  }

  func add(_ plans: [StagePlan]) {
    cache.withLock { cache in
      for plan in plans where cache.plans.updateValue(plan, forKey: plan.stageID) == nil {
        cache.order.append(plan.stageID)
        if cache.order.count > capacity { cache.plans[cache.order.removeFirst()] = nil }
      }
    }
  }
}
