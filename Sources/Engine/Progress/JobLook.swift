import Workflow

/// One job with all that is known of it, and what follows from that. Decides only.
struct JobLook {
  private static let sparks = 30
  /// How long a stage may have been quiet and still go on.
  private static let moment: Duration = .seconds(15)

  let job: JobView
  let definition: WorkflowDefinition
  /// By the stages' keys.
  let facts: [Int64: StageFacts]
  /// The oldest first.
  let samples: [StageSample]
  let past: PastJobs

  var card: JobCard {
    let mine = job.stages.filter { $0.reusedFrom == nil }
    let names = mine.map(\.id)
    let weights = past.weights(of: names)
    var bars = mine.enumerated().map { bar(of: $1, weight: weights?[$0] ?? 1 / Double(mine.count)) }
    let progress = JobProgress(
      zip(mine, bars).map { .init(weight: $1.weight, total: 1, done: $1.progress, isOver: $0.state.isFinal) }
    ).fraction
    let eta = eta(of: mine, bars)
    bars = placed(bars)
    let rates = bars.filter { $0.state == .running }.compactMap(\.rate)
    return JobCard(
      id: job.id, workflow: job.workflow, version: job.workflowVersion, labels: job.labels, priority: job.priority, state: job.state,
      isCancelling: job.isCancelling, waitingReason: job.waitingReason, createdAt: job.createdAt, startedAt: job.startedAt,
      finishedAt: job.finishedAt, error: job.error, counts: TaskCounts(job.stages.map(\.counts)),
      progress: job.state.isFinal ? (mine.allSatisfy { $0.state == .completed || $0.state == .skipped } ? 1 : progress) : progress,
      rate: job.state.isFinal || rates.isEmpty ? nil : rates.reduce(0, +), sparkline: sparkline, eta: eta, domain: [], stages: bars)
  }

  /// Those that a rerun took over stand among the others, done and without weight.
  private func placed(_ bars: [StageBar]) -> [StageBar] {
    var rest = bars[...]
    return job.stages.map { stage in stage.reusedFrom == nil ? rest.removeFirst() : bar(of: stage, weight: 0) }
  }

  private func bar(of stage: StageView, weight: Double) -> StageBar {
    let elapsed = facts[stage.key]?.elapsed
    var rate: Double?
    if stage.state.isFinal {
      if let elapsed, elapsed > .zero { rate = Double(stage.counts.ended) / (elapsed / .seconds(1)) }
    } else {
      rate = Rate(WorkHistory(history(of: stage) { Double($0.ended) } + [moment(of: stage, Double(stage.counts.ended))]))?.perSecond
    }
    return StageBar(
      id: stage.id, handler: stage.handler, state: stage.state, counts: stage.counts, progress: fraction(of: stage), weight: weight,
      rate: rate, eta: eta(of: stage), waitingReason: stage.waitingReason, items: stage.items, rejects: stage.rejects,
      reason: stage.reason, openedAt: stage.openedAt, finishedAt: stage.finishedAt)
  }

  /// Samples of a stage that is open, by the time since it opened.
  func history(of stage: StageView, _ value: (StageSample) -> Double) -> [WorkSample] {
    guard let opened = facts[stage.key]?.opened else { return [] }
    return samples.filter { $0.stageID == stage.key }.map { WorkSample(at: .seconds($0.at - opened), done: value($0)) }
  }

  func moment(of stage: StageView, _ done: Double) -> WorkSample {
    WorkSample(at: facts[stage.key]?.elapsed ?? .zero, done: done)
  }

  private func work(of stage: StageView) -> StageWork {
    StageWork(tasks: Double(stage.counts.total), ended: Double(stage.counts.ended), inHand: facts[stage.key]?.inHand ?? 0)
  }

  private func fraction(of stage: StageView) -> Double {
    if stage.state == .completed || stage.state == .skipped { return 1 }
    let work = work(of: stage)
    guard work.tasks > 0 else { return 0 }
    let mine = samples.filter { $0.stageID == stage.key }
    // what a lost attempt had said stays; what an operator turned back does not
    let most = mine.contains { $0.ended > stage.counts.ended } ? 0 : mine.map(\.work).max() ?? 0
    return min(1, max(work.done, most) / work.tasks)
  }

  private func forecast(of stage: StageView) -> Forecast? {
    guard stage.state == .running else { return nil }
    let work = work(of: stage)
    return work.forecast(history(of: stage, \.work) + [moment(of: stage, work.done)], tail: tail(of: stage))
  }

  private func tail(of stage: StageView) -> TailOfWork {
    guard let facts = facts[stage.key], let elapsed = facts.elapsed else { return TailOfWork() }
    let ended = Double(stage.counts.ended)
    let tries = ended + Double(facts.failedAttempts)
    let retry = definition.stage(stage.id)?.retry ?? RetryPolicy()
    return TailOfWork(
      // what runs takes so long on average as it is there at a time for each that ends
      longestTask: ended > 0 ? elapsed * (1.5 * Double(stage.counts.running) / ended) : .zero,
      retryShare: tries > 0 ? Double(facts.failedAttempts) / tries : 0, backoff: min(retry.cap, retry.backoff * 2))
  }

  private func eta(of stage: StageView) -> ETA {
    if stage.state.isFinal { return .over }
    if let reason = stage.waitingReason, !isBetweenTasks(stage) { return .waiting(reason) }
    return forecast(of: stage).map { .band(low: $0.soonest, high: $0.latest) } ?? .unknown
  }

  /// Nothing of it runs at this moment, but something ended a moment ago: hosts take its tasks as they go.
  private func isBetweenTasks(_ stage: StageView) -> Bool {
    guard stage.state == .running, case .noRunner = stage.waitingReason, stage.counts.ended > 0 else { return false }
    let history = WorkHistory(history(of: stage) { Double($0.ended) } + [moment(of: stage, Double(stage.counts.ended))])
    return history.last.at - history.quietSince < Self.moment
  }

  private func eta(of stages: [StageView], _ bars: [StageBar]) -> ETA {
    if job.state.isFinal { return .over }
    if let reason = job.waitingReason, !stages.contains(where: isBetweenTasks) { return .waiting(reason) }
    guard job.state == .running, !job.isCancelling else { return .unknown }
    let names = stages.map(\.id)
    let band = JobForecast(
      zip(stages, bars).map { stage, bar in
        var forecast: Forecast?
        if case .band(let low, let high) = bar.eta { forecast = Forecast(soonest: low, latest: high) }
        return .init(
          needs: (definition.stage(stage.id)?.needs ?? []).compactMap(names.firstIndex), isOver: stage.state.isFinal,
          elapsed: facts[stage.key]?.elapsed, forecast: forecast)
      }, past: past.durations(of: names))
    return band.map { .band(low: $0.band.soonest, high: $0.band.latest) } ?? .unknown
  }

  /// Tasks a second between samples.
  private var sparkline: [Double] {
    let opened = facts.compactMapValues(\.opened)
    var rates: [Double] = []
    var last: [Int64: Int] = [:]
    var before: Double?
    var rest = samples[...]
    while let first = rest.first {
      let together = rest.prefix { $0.at == first.at }
      rest = rest.dropFirst(together.count)
      var ended = 0
      for sample in together {
        let known = last[sample.stageID] ?? ((opened[sample.stageID] ?? 0) > (before ?? 0) ? 0 : sample.ended)
        ended += max(0, sample.ended - known)
        last[sample.stageID] = sample.ended
      }
      let start = before ?? together.compactMap { opened[$0.stageID] }.min()
      if let start, first.at - start > 0.5 { rates.append((Double(ended) / (first.at - start) * 1000).rounded() / 1000) }
      before = first.at
    }
    return rates.suffix(Self.sparks)
  }
}

extension TaskCounts {
  /// Tasks that are not to be done any more.
  var ended: Int { completed + failed + cancelled }

  /// All of them together.
  init(_ parts: [TaskCounts]) {
    func sum(_ count: (TaskCounts) -> Int) -> Int { parts.reduce(0) { $0 + count($1) } }
    self.init(
      total: sum(\.total), queued: sum(\.queued), retrying: sum(\.retrying), running: sum(\.running), completed: sum(\.completed),
      failed: sum(\.failed), cancelled: sum(\.cancelled))
  }
}
