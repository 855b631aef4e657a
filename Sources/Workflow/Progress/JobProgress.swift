/// How far a whole job is, from its stages.
///
/// Each stage has a weight that does not change while the job goes on: its part of the time in earlier jobs of the same workflow
/// version, or an equal part. So the bar never runs back because a stage begins, whatever its number of tasks.
public struct JobProgress: Sendable, Hashable {
  public struct Stage: Sendable, Hashable {
    /// Share of the job's time in earlier jobs; nil when there were none.
    public var weight: Double?
    public var total: Double
    public var done: Double
    /// It ended or was skipped: nothing more of it is to come, whatever the figures say.
    public var isOver: Bool

    public init(weight: Double? = nil, total: Double, done: Double, isOver: Bool) {
      self.weight = weight
      self.total = total
      self.done = done
      self.isOver = isOver
    }

    var fraction: Double {
      if isOver { return 1 }
      return total > 0 ? min(1, max(0, done / total)) : 0
    }
  }

  /// 0 to 1; 1 only when every stage is over.
  public let fraction: Double

  public init(_ stages: [Stage]) {
    let known = stages.compactMap(\.weight).reduce(0, +)
    let areWeighed = known > 0 && stages.allSatisfy { $0.weight != nil }
    let weights = stages.map { areWeighed ? ($0.weight ?? 0) / known : 1 / Double(max(1, stages.count)) }
    guard stages.contains(where: { !$0.isOver }) else {
      fraction = 1
      return
    }
    let sum = zip(stages, weights).reduce(0) { $0 + $1.0.fraction * $1.1 }
    // stages that are not over may weigh nothing
    fraction = min(sum, 0.999)
  }
}
