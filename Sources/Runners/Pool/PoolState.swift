internal import Synchronization

/// What other threads may know of the loop without asking it.
final class PoolState: Sendable {
  private struct Numbers {
    var capacity: Int
    var inHand = 0
    /// Submitted, and not taken by the loop yet: `capacity` does not know of them.
    var submitted = 0
    var lanes: [(build: RunnerBuild, capacity: Int)] = []
    var quick: Set<String> = []
  }

  let slots: Int
  private let numbers: Mutex<Numbers>

  init(slots: Int) {
    self.slots = slots
    numbers = Mutex(Numbers(capacity: slots))
  }

  var capacity: Int { numbers.withLock { max(0, $0.capacity - $0.submitted) } }
  var quickHandlers: Set<String> {
    get { numbers.withLock { $0.quick } }
    set { numbers.withLock { $0.quick = newValue } }
  }
  var inHand: Int { numbers.withLock { $0.inHand } }

  func capacity(for build: RunnerBuild) -> Int {
    numbers.withLock { numbers in
      numbers.lanes.first { $0.build == build }?.capacity ?? min(slots, max(1, numbers.capacity))
    }
  }

  func submitted(_ tasks: Int) { numbers.withLock { $0.submitted += tasks } }

  /// True if more tasks are welcome than before.
  /// - Parameter taken: how many of the submitted tasks the numbers count for the first time.
  func update(capacity: Int, inHand: Int, taken: Int, lanes: some Collection<Lane>) -> Bool {
    numbers.withLock { numbers in
      let isMore = capacity > numbers.capacity
      numbers.capacity = capacity
      numbers.submitted -= taken
      numbers.inHand = inHand
      numbers.lanes.removeAll(keepingCapacity: true)
      for lane in lanes { numbers.lanes.append((lane.build, lane.capacity)) }
      return isMore
    }
  }
}
