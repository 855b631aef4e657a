import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `What is told of jobs` {
  let desk: Desk
  var metrics: Metrics { desk.engine.metrics }

  init() throws { desk = try Desk() }

  /// As if everything so far had happened longer ago.
  private func pass(_ seconds: Int) throws {
    let span: SQL = "\(seconds) * interval '1 second'"
    try desk.execute("UPDATE stages SET opened_at = opened_at - \(raw: span), finished_at = finished_at - \(raw: span)")
    try desk.execute(
      "UPDATE jobs SET started_at = started_at - \(raw: span), created_at = created_at - \(raw: span), finished_at = finished_at - \(raw: span)"
    )
    try desk.execute("UPDATE job_metrics SET sampled_at = sampled_at - \(raw: span)")
  }

  private func samples(_ job: Int64) throws -> Int { try desk.number("SELECT count(*) FROM job_metrics WHERE job_id = \(job)") }

  /// A job of 100 tasks of which ten end between two samples.
  private func steady(_ moments: Int) throws -> Int64 {
    let job = try desk.job(Stages.array(), params: Stages.list(100))
    for _ in 0..<moments {
      try metrics.sample(MetricsSettings())
      try pass(5)
      try desk.complete(try desk.claim(10, of: ["test.a"]).map { $0.done() })
    }
    try metrics.sample(MetricsSettings())
    return job
  }

  @Test func `a job that runs has a rate, a band and a sparkline`() throws {
    let job = try steady(6)
    let card = try #require(try metrics.card(job: job))
    #expect(card.state == .running && card.counts.completed == 60 && card.counts.total == 100)
    #expect(abs(card.progress - 0.6) < 0.001)
    let rate = try #require(card.rate)
    #expect(abs(rate - 2) < 0.3, "\(rate)")
    guard case .band(let low, let high) = card.eta else {
      Issue.record("\(card.eta)")
      return
    }
    #expect(low < .seconds(20) && high > .seconds(20) && high < .seconds(90), "\(low) \(high)")
    #expect(card.sparkline.count == 6 && card.sparkline.allSatisfy { abs($0 - 2) < 0.3 }, "\(card.sparkline)")
    let series = try metrics.series(job: job)
    #expect(series.map(\.counts.completed) == [0, 10, 20, 30, 40, 50, 60, 60])
    let coarse = try metrics.series(job: job, step: 3600)
    #expect(coarse.count <= 2 && coarse.last?.counts.completed == 60)
  }

  @Test func `the table is made on first use, and dropping it heals within one sample`() throws {
    let job = try steady(2)
    try desk.execute("DROP TABLE job_metrics")
    #expect(try metrics.card(job: job)?.counts.completed == 20)
    #expect(try metrics.overview().sampledAt == nil)
    #expect(try metrics.series(job: job).map(\.counts.completed) == [20])
    #expect(try metrics.sample(MetricsSettings()) == 1)
    #expect(try samples(job) == 1)
    #expect(try metrics.overview().sampledAt != nil)
  }

  @Test func `samples are thinned as they age and dropped after their retention`() throws {
    let job = try steady(1)
    for _ in 0..<30 {
      try pass(5)
      try metrics.sample(MetricsSettings())
    }
    #expect(try samples(job) >= 31)
    // the clock stood still: the first of a minute is what it would have been
    try desk.execute("UPDATE job_metrics SET grain = CASE WHEN extract(epoch FROM sampled_at)::bigint % 60 < 5 THEN 1 ELSE 0 END")
    try pass(700)
    // the engine of another host: it has not looked after samples yet
    try Engine(database: desk.own.database).metrics.sample(MetricsSettings())
    let minutes = try samples(job)
    #expect(minutes >= 2 && minutes <= 6, "\(minutes)")
    try pass(3600)
    try Engine(database: desk.own.database).metrics.sample(MetricsSettings())
    #expect(
      try desk.number("SELECT count(*) FROM job_metrics WHERE job_id = \(job) AND grain < 2 AND sampled_at < now() - interval '61 min'")
        == 0)
    try desk.work()
    try metrics.sample(MetricsSettings())
    try pass(7200)
    try Engine(database: desk.own.database).metrics.sample(MetricsSettings())
    #expect(try samples(job) == 0)
  }

  @Test func `a job's progress never runs back, whatever its stages open with`() throws {
    let job = try desk.job(Stages.fan())
    var seen: [Double] = [try #require(try metrics.card(job: job)).progress]
    try desk.complete(try desk.claim(1).map { $0.done(items: (0..<50).map(String.init)) })
    seen.append(try #require(try metrics.card(job: job)).progress)
    while case let tasks = try desk.claim(7), !tasks.isEmpty {
      try desk.complete(tasks.map { $0.done() })
      try metrics.sample(MetricsSettings())
      seen.append(try #require(try metrics.card(job: job)).progress)
    }
    #expect(seen == seen.sorted() && seen.first == 0 && seen.last == 1, "\(seen)")
    #expect(try metrics.card(job: job)?.eta == .over)
  }

  @Test func `what a lost attempt had said does not turn the bar back`() throws {
    let job = try desk.job(Stages.one)
    let task = try #require(try desk.claim(1).first)
    try desk.engine.journal.report([.init(token: task.token, stageID: task.stageID, n: 0, done: 80, total: 100, note: nil)])
    try metrics.sample(MetricsSettings())
    #expect(try metrics.card(job: job)?.progress == 0.8)
    try desk.complete([task.again()])
    #expect(try metrics.card(job: job)?.progress == 0.8)
  }

  @Test func `stages to come are told from earlier jobs of the same version`() throws {
    try metrics.sample(MetricsSettings())
    try desk.put(Stages.chain)
    let first = try desk.submit()
    for _ in 0..<3 {
      let tasks = try desk.claim(1)
      try pass(60)
      try desk.complete(tasks.map { $0.done() })
    }
    #expect(try desk.job(first).state == .completed)
    let second = try desk.submit()
    _ = try desk.claim(1)
    let card = try #require(try metrics.card(job: second))
    guard case .band(let low, let high) = card.eta else {
      Issue.record("\(card.eta)")
      return
    }
    #expect(low > .seconds(100) && low < .seconds(180) && high > .seconds(180) && high < .seconds(400), "\(low) \(high)")
    try desk.put(Stages.one)
    let other = try desk.submit()
    #expect(try metrics.card(job: other)?.eta != card.eta)
  }

  @Test func `what waits says why, instead of when`() throws {
    let job = try desk.job(Stages.one)
    try desk.engine.control.pause(job, why: "lunch", by: .system)
    let card = try #require(try metrics.card(job: job))
    #expect(card.eta.text == "waiting: the job is paused by weir: lunch", "\(card.eta.text)")
  }

  @Test func `what is told of the end is kept and held against the truth`() throws {
    let job = try steady(6)
    try Engine(database: desk.own.database).metrics.sample(MetricsSettings())
    #expect(try desk.number("SELECT count(*) FROM predictions WHERE job_id = \(job)") == 1)
    #expect(try metrics.calibration(workflow: "w").predictions == 0)
    try desk.execute(
      "UPDATE predictions SET made_at = made_at - interval '20 s', soonest_at = soonest_at - interval '20 s', latest_at = latest_at - interval '20 s'"
    )
    try desk.work()
    #expect(try metrics.calibration(workflow: "w") == Calibration(within: 1, tooEarly: 0, tooLate: 0))
    #expect(try metrics.calibration().predictions == 1 && metrics.calibration(workflow: "v").predictions == 0)
  }

  @Test func `the overview counts all, and has cards of those asked for`() throws {
    try desk.put(#"[{"id": "b", "handler": "test.b"}]"#, name: "v")
    let other = try desk.submit(workflow: "v")
    let job = try steady(3)
    let overview = try metrics.overview(Overview.Filter(workflow: "w"))
    #expect(overview.jobs.map(\.id) == [job] && !overview.isCut)
    #expect(try metrics.overview().jobs.map(\.id) == [job, other])
    #expect(overview.tiles.runningJobs == 2 && overview.tiles.hosts == 1 && overview.tiles.slots == 2)
    #expect(overview.tiles.queuedTasks == 71 && overview.tiles.runningTasks == 0)
    #expect(abs(overview.tiles.tasksPerSecond - 2) < 0.4, "\(overview.tiles.tasksPerSecond)")
    let queue = try metrics.queue()
    #expect(queue.map { "\($0.jobID) \($0.queued)" } == ["\(other) 1", "\(job) 70"] && queue[0].dueSince != nil)
    let gauges = try metrics.gauges()
    #expect(gauges.jobs == ["running": 2] && gauges.hosts == ["alive": 1] && gauges.loads.map(\.queued) == [70, 1])
  }

  @Test func `many failures, a lost host and a stage that is quiet need attention`() throws {
    let job = try desk.job(Stages.array(#", "tolerate": "100%""#), params: Stages.list(100))
    try desk.complete(try desk.claim(30).map { $0.n < 6 ? $0.failed("no") : $0.done() })
    _ = try desk.claim(1)
    try metrics.sample(MetricsSettings())
    try pass(1200)
    _ = try desk.engine.hosts.register(HostIdentity(name: "gone", machine: "x", pid: 1, process: "1"), version: "1", slots: 1, offers: [])
    try desk.execute("UPDATE hosts SET lease_until = now() - interval '1 minute' WHERE name = 'gone'")
    let attention = try metrics.overview().attention
    #expect(attention.map(\.kind.rawValue) == ["failure_share", "job_stuck", "host_lost"])
    #expect(attention[0].text == #"20 % of the tasks of stage "a" of job \#(job) (w) failed: 6 of 30."#)
    #expect(try metrics.overview().failures.first?.failed == 6)
  }

  @Test func `domain figures are what the manifest declares, exact and live`() throws {
    try desk.engine.catalog.put(metrics: [
      "test": [
        MetricDeclaration(name: "cells", unit: "cells", label: "Cells", of: "cells_total", hasRate: true, live: "test.a"),
        MetricDeclaration(name: "cells_total"), MetricDeclaration(name: "deepest", aggregate: .max), MetricDeclaration(name: "unseen"),
      ]
    ])
    let job = try desk.job(Stages.array(), params: Stages.list(4))
    func deltas(_ cells: String, _ deepest: String) -> [TotalDelta] {
      [
        TotalDelta(kind: .metric, name: "cells", rule: .sum, value: cells),
        TotalDelta(kind: .metric, name: "cells_total", rule: .sum, value: "100"),
        TotalDelta(kind: .metric, name: "deepest", rule: .max, value: deepest),
      ]
    }
    let tasks = try desk.claim(3)
    try desk.complete([tasks[0].done(totals: deltas("0.1", "7")), tasks[1].done(totals: deltas("0.2", "3"))])
    try desk.engine.journal.report([
      .init(token: tasks[2].token, stageID: tasks[2].stageID, n: 2, done: 40, total: 100, note: nil)
    ])
    let figures = try #require(try metrics.card(job: job)).domain
    #expect(figures.map(\.name) == ["cells", "deepest"])
    #expect(figures[0].exact == "0.3" && figures[0].value == 40.3 && figures[0].total == 200 && figures[0].label == "Cells")
    #expect(figures[1].value == 7 && figures[1].total == nil)
  }

  @Test func `a declared rate is what was reported a second`() throws {
    try desk.engine.catalog.put(metrics: [
      "test": [MetricDeclaration(name: "cells", label: "Cells", hasRate: true), MetricDeclaration(name: "bytes", label: "Bytes")]
    ])
    let job = try desk.job(Stages.array(), params: Stages.list(100))
    for _ in 0..<6 {
      try metrics.sample(MetricsSettings())
      try pass(5)
      // 10 tasks of 50 cells in 5 s
      let told = ["cells", "bytes"].map { TotalDelta(kind: .metric, name: $0, rule: .sum, value: "50") }
      try desk.complete(try desk.claim(10, of: ["test.a"]).map { $0.done(totals: told) })
    }
    try metrics.sample(MetricsSettings())
    let figures = try #require(try metrics.card(job: job)).domain
    let rate = try #require(figures.first { $0.name == "cells" }?.rate)
    #expect(abs(rate - 100) < 15, "\(rate)")
    #expect(figures.first { $0.name == "bytes" }?.rate == nil)
  }

  @Test func `why a stage waits is told of those that need attention, too`() throws {
    try desk.put(#"[{"id": "a", "handler": "test.a"}]"#)
    let job = try desk.submit()
    try metrics.sample(MetricsSettings())
    try pass(120)
    #expect(try metrics.overview().attention.isEmpty)
    try desk.execute("UPDATE hosts SET ended_at = now(), ended_why = 'stopped'")
    let found = try metrics.overview().attention
    #expect(found.map(\.key) == ["no_host test.a"] && found[0].job == job)
  }
}

private typealias Stages = Sample
