/// When a whole job will have ended: what its stages that run say of themselves, and for those to come what they took in earlier jobs of
/// the same workflow version.
///
/// Stages that do not need each other go on at once, so the longest way through them counts, not their sum.
public struct JobForecast: Sendable, Hashable {
  public struct Stage: Sendable, Hashable {
    /// Places of the stages that it needs.
    public var needs: [Int]
    public var isOver: Bool
    /// Since it opened, or how long it took; nil: it has not begun.
    public var elapsed: Duration?
    public var forecast: Forecast?

    public init(needs: [Int] = [], isOver: Bool = false, elapsed: Duration? = nil, forecast: Forecast? = nil) {
      self.needs = needs
      self.isOver = isOver
      self.elapsed = elapsed
      self.forecast = forecast
    }
  }

  /// From now on.
  public let band: Forecast
  /// Of each stage alone, from its beginning if it has not begun.
  private static let (sooner, later) = (0.7, 1.5)

  /// Nil while one of the stages to come is not known from earlier jobs.
  /// - Parameter past: of each earlier job how long each stage took; nil where it was skipped.
  public init?(_ stages: [Stage], past: [[Duration?]]) {
    let past = past.filter { $0.count == stages.count }
    let scales = past.map { Self.scale(of: stages, to: $0) }
    let own = stages.indices.map { place in
      Self.own(stages[place], past: zip(past, scales).flatMap { job, scale in job[place].map { [$0, $0 * scale] } ?? [] })
    }
    var ends: [Int: (low: Duration, high: Duration)] = [:]
    for place in stages.indices {
      guard Self.settle(place, stages, own, &ends) else { return nil }
    }
    band = Forecast(soonest: ends.values.map(\.low).max() ?? .zero, latest: ends.values.map(\.high).max() ?? .zero)
  }

  /// How much longer this job takes than an earlier one did, by the stages that have ended; 1 while it cannot be told.
  private static func scale(of stages: [Stage], to past: [Duration?]) -> Double {
    var (mine, theirs) = (Duration.zero, Duration.zero)
    for (stage, took) in zip(stages, past) where stage.isOver {
      guard let elapsed = stage.elapsed, let took else { continue }
      mine += elapsed
      theirs += took
    }
    guard mine >= .seconds(5), theirs > .zero else { return 1 }
    return min(max(mine / theirs, 0.1), 10)
  }

  private static func own(_ stage: Stage, past: [Duration]) -> (low: Duration, high: Duration)? {
    if stage.isOver { return (.zero, .zero) }
    if let forecast = stage.forecast { return (forecast.soonest, forecast.latest) }
    guard let least = past.min(), let most = past.max() else { return nil }
    let elapsed = stage.elapsed ?? .zero
    let (low, high) = (least * sooner - elapsed, most * later + .seconds(1) - elapsed)
    // it takes longer than ever before: what was says nothing more
    return high > .zero ? (max(.zero, low), high) : nil
  }

  private static func settle(
    _ place: Int, _ stages: [Stage], _ own: [(low: Duration, high: Duration)?], _ ends: inout [Int: (low: Duration, high: Duration)],
    depth: Int = 0
  ) -> Bool {
    if ends[place] != nil { return true }
    // a workflow has no cycles; a document from elsewhere might
    guard let mine = own[place], depth <= stages.count else { return false }
    var (low, high) = (Duration.zero, Duration.zero)
    if !stages[place].isOver, stages[place].elapsed == nil {
      for need in stages[place].needs where stages.indices.contains(need) {
        guard settle(need, stages, own, &ends, depth: depth + 1), let end = ends[need] else { return false }
        low = max(low, end.low)
        high = max(high, end.high)
      }
    }
    ends[place] = (low + mine.low, high + mine.high)
    return true
  }
}
