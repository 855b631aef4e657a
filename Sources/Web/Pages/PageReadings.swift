import Engine
import Workflow

/// What pages show, read from the engine: at first for the page, then again and again for those who look.
struct PageReadings: Sendable {
  let engine: Engine
  /// How often the leader samples.
  let interval: Duration

  /// A job's charts are drawn anew at every so many readings: they are the dearest of what is shown, and change least.
  private static let chartRounds = 5
  /// How good predictions were changes when a job ends, and is read from hundreds of them.
  private static let trustRounds = 15

  /// What changed viewers are told; one reading serves all that look at the topic.
  func parts(of topic: EventTopic, round: Int) throws -> EventHub.Parts {
    switch topic {
    case .overview(let filter): return try dashboard(filter).parts
    case .job(let id):
      let isTimeForCharts = round % Self.chartRounds == 0
      return try job(id, withPoints: isTimeForCharts).parts.filter { isTimeForCharts || $0.name != "charts" }
    case .jobs(let filter):
      let isTimeForTrust = round % Self.trustRounds == 0
      return try jobs(filter, isLive: true, withTrust: isTimeForTrust).parts.filter { isTimeForTrust || $0.name != "trust" }
    case .schedules: return [("schedules", try schedules().table)]
    case .queue: return try queue().parts
    case .hosts: return [("hosts", try hosts().table)]
    case .datasets: return [("datasets", try datasets().table)]
    case .dataset(let id): return try dataset(id).parts
    }
  }

  func dashboard(_ filter: DashboardFilter) throws -> Dashboard {
    Dashboard(overview: try engine.metrics.overview(filter.asked), filter: filter, interval: interval)
  }

  func job(_ id: Int64, withPoints: Bool = true) throws -> JobPage {
    JobPage(
      try engine.metrics.sight(
        of: id, failures: JobPage.causes, lines: LogLines.most, points: withPoints ? JobPage.points : 0))
  }

  func queue() throws -> QueuePage {
    QueuePage(lines: try engine.metrics.queue(), limits: try engine.limits.list(), now: try engine.views.now())
  }

  func hosts() throws -> HostsPage { HostsPage(hosts: try engine.views.hosts(), now: try engine.views.now()) }

  func plugins() throws -> PluginsPage {
    PluginsPage(
      handlers: try engine.catalog.handlers(), quarantines: try engine.quarantines.list(), hosts: try engine.views.hosts(),
      now: try engine.views.now())
  }

  func datasets() throws -> DatasetsPage {
    let page = try engine.datasets.list(limit: DatasetsPage.most)
    return DatasetsPage(datasets: page.elements, isCut: page.next != nil, now: try engine.views.now())
  }

  func dataset(_ id: String) throws -> DatasetPage {
    DatasetPage(
      dataset: try engine.datasets.dataset(id), versions: try Self.told { try engine.datasets.versions(id) },
      updates: try engine.datasets.history(id, limit: DatasetPage.updates).elements, now: try engine.views.now())
  }

  func map(of dataset: String, from: Int) throws -> DatasetMap {
    DatasetMap(
      dataset: dataset, styles: try engine.styles.list(of: dataset),
      read: try Self.told { try engine.tiles.rows(of: dataset, from: from, limit: DatasetMap.listed) }, from: from)
  }

  /// What the rest of a page can do without: why it is not there is shown in its place.
  private static func told<T>(_ read: () throws -> T) throws -> Result<T, EngineError> {
    do { return .success(try read()) } catch let error as EngineError { return .failure(error) }
  }

  /// - Parameters:
  ///   - isLive: the form that chooses among them is not renewed, and what it offers not read.
  ///   - withTrust: whether to read how good predictions were.
  func jobs(_ filter: Views.JobFilter, isLive: Bool = false, withTrust: Bool = true) throws -> JobsPage {
    JobsPage(
      filter: filter, jobs: try engine.views.jobs(filter), workflows: isLive ? [] : try engine.catalog.workflows().map(\.name),
      calibration: withTrust ? try engine.metrics.calibration(workflow: filter.workflow) : Calibration(within: 0, tooEarly: 0, tooLate: 0),
      now: try engine.views.now())
  }

  func schedules() throws -> SchedulesPage { SchedulesPage(schedules: try engine.schedules.list(), now: try engine.views.now()) }

  func schedule(_ name: String, _ call: Call) throws -> SchedulePage {
    let request = ScheduleActRoutes.request(
      from: call.text("from"), to: call.text("to"), reprocess: call.text("reprocess"), concurrency: call.integer("concurrency"))
    let schedules = engine.schedules
    let rehearsal = try request.map { request in
      SchedulePage.Rehearsal(
        from: call.text("from") ?? "", to: call.text("to") ?? "", reprocess: request.reprocess, concurrency: request.concurrency,
        fires: try schedules.rehearse(request, of: name))
    }
    return SchedulePage(
      schedule: try schedules.schedule(name), preview: try schedules.preview(name),
      fires: try schedules.fires(name, before: call.text("after").flatMap { Int64($0) }, limit: SchedulePage.listed),
      backfills: try schedules.backfills(name), rehearsal: rehearsal, now: try engine.views.now())
  }

  /// The tasks of the stage that is asked for; else of the one where most can be seen.
  func tasks(of page: JobPage, _ choice: TaskSection.Choice) throws -> HTML {
    let stages = page.card.stages
    let wanted = choice.stage.map { id in stages.filter { $0.id == id } } ?? Self.telling(stages)
    guard let stage = wanted.first else {
      guard let id = choice.stage else { return .nothing }
      throw EngineError(.noStage(known: stages.map(\.id)), subject: "\(page.card.id)/\(id)")
    }
    var choice = choice
    if choice.state == nil, choice.task == nil, stage.counts.failed > 0 { choice.state = .failed }
    let (job, views) = (page.card.id, engine.views)
    let states = try views.taskStates(job: job, stage: stage.id, from: choice.from, count: TaskGrid.tasks)
    let after = choice.after ?? choice.task.map { $0 - 1 }
    let filter = Views.TaskFilter(state: choice.task == nil ? choice.state : nil, after: after, limit: TaskSection.listed)
    let listed = try views.tasks(job: job, stage: stage.id, filter)
    return TaskSection(
      job: job, stages: stages, stage: stage, choice: choice,
      grid: TaskGrid(first: choice.from, states: states, total: stage.counts.total), tasks: listed,
      task: try choice.task.flatMap { n in try detail(job, stage.id, n, listed.elements) }, now: page.now
    ).html
  }

  private static func telling(_ stages: [StageBar]) -> [StageBar] {
    stages.filter { $0.state == .running } + stages.filter { $0.counts.failed > 0 } + stages.filter { $0.counts.total > 0 }.reversed()
      + stages
  }

  private func detail(_ job: Int64, _ stage: String, _ n: Int, _ listed: [TaskView]) throws -> TaskDetail? {
    guard let task = listed.first(where: { $0.n == n }) else { return nil }
    return TaskDetail(
      task: task, attempts: try engine.views.attempts(job: job, stage: stage, n: n),
      lines: try engine.views.logs(job: job, stage: stage, n: n, limit: LogLines.most).elements)
  }
}
