/// How a stage went that is over: what had ended of it at each sample since it opened.
struct StageCourse {
  enum Shape: String, CaseIterable {
    case steady, slowing, bursty, stalled, retrying
  }

  private(set) var ended = [0]
  /// Attempts that had failed.
  private(set) var failed = [0]
  /// Samples at which nothing of it ran, and it said why.
  private(set) var waiting: Set<Int> = []
  let tasks: Int

  /// Samples that it took.
  var length: Int { ended.count - 1 }

  private var share: Double { Double(ended[length]) / Double(tasks) }

  /// - Parameter pace: tasks a sample, about.
  init(_ shape: Shape, tasks: Int, pace: Double, _ chance: inout Dice) {
    self.tasks = tasks
    switch shape {
    case .steady: while share < 1 { add(chance.count(pace)) }
    case .slowing: while share < 1 { add(chance.count(1.6 * pace * (1 - 0.75 * share))) }
    case .bursty: goInBursts(pace, &chance)
    case .stalled: stall(pace, &chance)
    case .retrying: retry(pace, &chance)
    }
  }

  /// One task that takes so many samples.
  init(task length: Int) {
    tasks = 1
    for place in 1...length { add(place == length ? 1 : 0) }
  }

  private mutating func add(_ count: Int, failed more: Int = 0) {
    ended.append(min(tasks, ended[length] + count))
    failed.append(failed[failed.count - 1] + more)
  }

  private mutating func goInBursts(_ pace: Double, _ chance: inout Dice) {
    var (isOn, left) = (true, 6)
    while share < 1 {
      if left == 0 {
        isOn.toggle()
        left = chance.number(in: isOn ? 4...10 : 6...18)
      }
      left -= 1
      add(isOn ? chance.number(in: Int(pace)...Int(3 * pace)) : 0)
    }
  }

  /// Steady, but once it waits for 5 to 15 per cent of its time or so: how long nobody knows before.
  private mutating func stall(_ pace: Double, _ chance: inout Dice) {
    let at = Double(chance.number(in: 30...80)) / 100
    var left = chance.number(in: 6...18)
    while share < 1 {
      if share >= at, left > 0 {
        left -= 1
        add(0)
        waiting.insert(length)
      } else {
        add(chance.count(pace))
      }
    }
  }

  /// One attempt in five fails, and is tried again half a minute to five minutes later.
  private mutating func retry(_ pace: Double, _ chance: inout Dice) {
    var fresh = tasks
    var due: [Int] = []
    while share < 1 {
      var (completed, failed) = (0, 0)
      for _ in 0..<chance.count(1.25 * pace) {
        if let place = due.firstIndex(where: { $0 <= length }) { due.remove(at: place) } else if fresh > 0 { fresh -= 1 } else { break }
        if chance.number(in: 1...5) == 1 {
          failed += 1
          due.append(length + chance.number(in: 6...60))
        } else {
          completed += 1
        }
      }
      add(completed, failed: failed)
    }
  }
}

/// The same numbers for the same seed.
struct Dice {
  private var state: UInt64

  init(seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 }

  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func number(in range: ClosedRange<Int>) -> Int { range.lowerBound + Int(next() % UInt64(range.count)) }

  /// 0.8 to 1.25, as often below 1 as above.
  mutating func factor() -> Double {
    let part = 1 + Double(number(in: 0...250)) / 1000
    return number(in: 0...1) == 0 ? part : 1 / part
  }

  /// A number around the mean, as events come by chance.
  mutating func count(_ mean: Double) -> Int {
    (0..<max(1, Int(2 * mean))).reduce(0) { sum, _ in sum + Int(next() >> 63) }
  }
}
