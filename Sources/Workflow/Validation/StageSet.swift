/// A set of stages by position.
struct StageSet: Sendable {
  private var words: [UInt64]

  private init(count: Int) { words = [UInt64](repeating: 0, count: (count + 63) / 64) }

  func contains(_ position: Int) -> Bool { words[position / 64] & (1 << UInt64(position % 64)) != 0 }

  private mutating func insert(_ position: Int) { words[position / 64] |= 1 << UInt64(position % 64) }

  private mutating func formUnion(_ other: StageSet) {
    for index in words.indices { words[index] |= other.words[index] }
  }

  /// For each stage, those that it needs, directly or through others; of a stage in a circle, or behind one, all stages,
  /// so that the circle alone is reported.
  static func ancestors(of stages: [StageDefinition], positions: [String: Int]) -> [StageSet] {
    var sets = [StageSet](repeating: StageSet(count: stages.count), count: stages.count)
    var waits = [Int](repeating: 0, count: stages.count)
    var dependents = [[Int]](repeating: [], count: stages.count)
    for (position, stage) in stages.enumerated() {
      for need in stage.needs.compactMap({ positions[$0] }) {
        dependents[need].append(position)
        waits[position] += 1
      }
    }
    var ready = stages.indices.filter { waits[$0] == 0 }
    var isDone = [Bool](repeating: false, count: stages.count)
    while let position = ready.popLast() {
      isDone[position] = true
      for dependent in dependents[position] {
        sets[dependent].formUnion(sets[position])
        sets[dependent].insert(position)
        waits[dependent] -= 1
        if waits[dependent] == 0 { ready.append(dependent) }
      }
    }
    for position in stages.indices where !isDone[position] {
      for other in stages.indices { sets[position].insert(other) }
    }
    return sets
  }
}
