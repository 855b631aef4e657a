import Workflow

/// Adds what stages were at moments up to what their job was. Decides only.
struct JobSeries {
  struct Moment {
    var stage: Int64
    /// RFC 3339 in UTC.
    var text: String
    /// Seconds of the epoch.
    var at: Double
    var counts: TaskCounts
    var items: Int
    var rejects: Int
    var domain: [String: Double]
  }

  /// Seconds between two points at least.
  let step: Double
  private var moments: [Moment] = []

  init(step: Double) { self.step = step }

  mutating func add(_ moment: Moment) { moments.append(moment) }

  /// The oldest first; a stage that is not in a sample is as it was before.
  func points(from: Double?, to: Double?) -> [MetricPoint] {
    let sorted = moments.sorted { $0.at < $1.at }
    var stages: [Int64: Moment] = [:]
    var points: [(point: MetricPoint, at: Double)] = []
    for (place, moment) in sorted.enumerated() {
      stages[moment.stage] = moment
      let isLastOfItsTime = place + 1 == sorted.count || sorted[place + 1].at > moment.at
      guard isLastOfItsTime, moment.at >= from ?? 0, moment.at <= to ?? .infinity else { continue }
      var point = point(of: stages.values, at: moment)
      // within a step the later one counts
      if step > 0, let last = points.last, (last.at / step).rounded(.down) == (moment.at / step).rounded(.down) { points.removeLast() }
      if let last = points.last {
        let ended = point.counts.ended - last.point.counts.ended
        point.rate = moment.at > last.at ? (max(0, Double(ended)) / (moment.at - last.at) * 1000).rounded() / 1000 : nil
      }
      points.append((point, moment.at))
    }
    return points.map(\.point)
  }

  private func point(of stages: some Collection<Moment>, at moment: Moment) -> MetricPoint {
    var domain: [String: Double] = [:]
    for stage in stages { domain.merge(stage.domain) { $0 + $1 } }
    return MetricPoint(
      at: moment.text, counts: TaskCounts(stages.map(\.counts)), rate: nil, items: stages.reduce(0) { $0 + $1.items },
      rejects: stages.reduce(0) { $0 + $1.rejects }, domain: domain)
  }
}
