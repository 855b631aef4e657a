import Workflow

@testable import Engine

/// How a whole job went, sampled every five seconds, and what its card told at each moment.
struct JobCourse {
  static let step = 5.0

  struct Stage {
    var name: String
    /// Places of those that it needs.
    var needs: [Int]
    var course: StageCourse
    /// The sample at which it opened.
    var start = 0

    var end: Int { start + course.length }
  }

  let stages: [Stage]
  let definition: WorkflowDefinition
  let past: PastJobs

  var end: Int { stages.map(\.end).max() ?? 0 }

  init(_ stages: [Stage], past: PastJobs) throws {
    var placed = stages
    for place in placed.indices { placed[place].start = placed[place].needs.map { placed[$0].end }.max() ?? 0 }
    self.stages = placed
    self.past = past
    let written = stages.map { stage in
      let needs = stage.needs.map { "\"\(stages[$0].name)\"" }.joined(separator: ", ")
      return
        #"{"id": "\#(stage.name)", "handler": "test.a", "needs": [\#(needs)], "retry": {"attempts": 20, "backoff": "80s", "cap": "300s"}}"#
    }
    let text = #"{"name": "w", "stages": [\#(written.joined(separator: ", "))]}"#
    definition = try WorkflowDefinition.load(bytes: Array(text.utf8), file: "w.json").get()
  }

  /// How long each stage took.
  var durations: [String: Duration] {
    Dictionary(stages.map { ($0.name, .seconds(Double($0.course.length) * Self.step)) }) { first, _ in first }
  }

  /// Of all tasks, those that had ended.
  func share(at moment: Int) -> Double {
    let done = stages.reduce(0) { $0 + ended(of: $1, at: moment) }
    return Double(done) / Double(stages.reduce(0) { $0 + $1.course.tasks })
  }

  func card(at moment: Int) -> JobCard {
    let views = stages.enumerated().map { view(of: $1, key: Int64($0), at: moment) }
    let isOver = moment >= end
    var job = JobView(
      id: 1, workflow: "w", workflowVersion: 1, state: isOver ? .completed : .running, isCancelling: false,
      params: RawJSON(unchecked: Array("{}".utf8)[...]), dedupKey: nil, labels: [], priority: 0, createdAt: "", notBefore: nil,
      startedAt: nil, finishedAt: nil, error: nil, stages: views)
    let runs = views.contains { $0.counts.running > 0 }
    job.waitingReason = runs || isOver ? nil : views.first { $0.state == .running && $0.waitingReason != nil }?.waitingReason
    var facts: [Int64: StageFacts] = [:]
    for (place, stage) in stages.enumerated() where moment >= stage.start {
      facts[Int64(place)] = StageFacts(
        opened: Double(stage.start) * Self.step, elapsed: .seconds(Double(min(moment, stage.end) - stage.start) * Self.step),
        failedAttempts: stage.course.failed[min(moment, stage.end) - stage.start], inHand: 0, live: 0)
    }
    return JobLook(job: job, definition: definition, facts: facts, samples: samples(until: moment), past: past).card
  }

  private func ended(of stage: Stage, at moment: Int) -> Int {
    moment < stage.start ? 0 : stage.course.ended[min(moment - stage.start, stage.course.length)]
  }

  private func view(of stage: Stage, key: Int64, at moment: Int) -> StageView {
    let missing = stage.needs.filter { stages[$0].end > moment }.map { stages[$0].name }
    let state: StageState = moment < stage.start || !missing.isEmpty ? .waiting : moment >= stage.end ? .completed : .running
    let ended = ended(of: stage, at: moment)
    let isHeld = stage.course.waiting.contains(moment - stage.start)
    let left = state == .waiting ? 0 : stage.course.tasks - ended
    let running = state == .running && !isHeld ? min(8, left) : 0
    var view = StageView(
      key: key, jobID: 1, id: stage.name, handler: "test.a", state: state,
      counts: TaskCounts(
        total: state == .waiting ? 0 : stage.course.tasks, queued: left - running, retrying: 0, running: running, completed: ended,
        failed: 0, cancelled: 0), items: 0, rejects: 0, failedItems: 0, totals: [:], metrics: [:])
    if state == .waiting { view.waitingReason = .stages(missing) }
    if state == .running, isHeld { view.waitingReason = .noHost(handler: "test.a") }
    return view
  }

  /// As the leader keeps them: all of the last three minutes, one a minute before, and the end of each stage.
  private func samples(until moment: Int) -> [StageSample] {
    (0...moment).flatMap { then -> [StageSample] in
      stages.enumerated().compactMap { place, stage -> StageSample? in
        let isKept = Double(moment - then) * Self.step < 180 || then % 12 == 0 || then == stage.end
        guard isKept, then >= stage.start, then <= stage.end else { return nil }
        let ended = ended(of: stage, at: then)
        return StageSample(stageID: Int64(place), at: Double(then) * Self.step, ended: ended, work: Double(ended), live: 0, domain: [:])
      }
    }
  }
}
