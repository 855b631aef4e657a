import Database
import TestSupport
import Testing
import Workflow

@testable import Engine

@Suite struct `What a reading costs` {
  let desk: Desk
  /// On one session of its own, in which PostgreSQL counts what is executed.
  let database: Database
  let engine: Engine

  init() throws {
    desk = try Desk()
    database = Database(DatabaseConfiguration(url: desk.own.url, poolSize: 1, settings: Engine.settings))
    engine = Engine(database: database)
  }

  private func executed() throws -> Int {
    try database.withConnection { connection in
      try connection.query("SELECT coalesce(sum(generic_plans + custom_plans), 0)::bigint FROM pg_prepared_statements").one().int(0)
    }
  }

  /// Statements of the second time; at the first, what never changes is read and kept.
  private func statements(_ body: () throws -> Void) throws -> Int {
    try body()
    let first = try executed()
    let own = try executed() - first
    try body()
    return try executed() - first - 2 * own
  }

  /// Jobs of several workflows, of which some have begun and one has ended.
  private func submit(_ jobs: Int) throws {
    for number in 0..<jobs { _ = try desk.submit(Sample.list(5), workflow: ["v", "w"][number % 2]) }
    try desk.complete(try desk.claim(7).map { $0.done() })
    _ = try desk.claim(2)
    try engine.metrics.sample(MetricsSettings())
  }

  @Test func `does not grow with jobs`() throws {
    try desk.put(Sample.array(), name: "v")
    try desk.put(Sample.array())
    try engine.catalog.put(metrics: ["test": [MetricDeclaration(name: "cells", label: "Cells")]])
    try submit(3)
    let few = try costs()
    #expect(few.jobs == [3, 3, 3])
    try submit(30)
    let many = try costs()
    #expect(many.jobs == [33, 33, 33])
    #expect(many.statements == few.statements, "of the overview, the queue and the list")
    // those of domains are two
    #expect(few.statements[0] <= 13, "\(few.statements[0]) statements make an overview")
  }

  /// Of the overview, the queue and the list of jobs: how many jobs they tell of, by how many statements.
  private func costs() throws -> (jobs: [Int], statements: [Int]) {
    var jobs = [0, 0, 0]
    let costs = [
      try statements { jobs[0] = try engine.metrics.overview().jobs.count },
      try statements { jobs[1] = try engine.metrics.queue().count },
      try statements { jobs[2] = try engine.views.jobs(Views.JobFilter()).elements.count },
    ]
    return (jobs, costs)
  }

  @Test func `of one job is a few statements, and of a sample one`() throws {
    let job = try desk.job(Sample.array(), params: Sample.list(20))
    try desk.complete(try desk.claim(7).map { $0.done() })
    try engine.metrics.sample(MetricsSettings())
    let card = try statements { _ = try engine.metrics.card(job: job) }
    #expect(card <= 8, "\(card) statements make a card")
    let sight = try statements { _ = try engine.metrics.sight(of: job, failures: 8, lines: 50, points: 0) }
    #expect(sight <= card + 3, "\(sight) statements make a page")
    let sample = try statements { try engine.metrics.sample(MetricsSettings()) }
    #expect(sample == 1)
  }

  @Test func `of lists is that of what is shown: an index finds it`() throws {
    // a hundred stages of ten tasks that logged twenty lines each
    try desk.execute(
      """
      INSERT INTO task_logs (stage_id, n, attempt, level, message) SELECT l % 100, l / 100 % 10, 1, 1, 'looking' FROM generate_series(1, 20000) AS l
      """)
    try desk.execute("ANALYZE task_logs")
    func plan(_ sql: SQL) throws -> String {
      try desk.own.database.transaction { tx in
        try tx.execute("SET LOCAL enable_seqscan = off")
        try tx.execute("SET LOCAL enable_sort = off")
        return try tx.query("EXPLAIN \(raw: sql)").map { try $0.string(0) }.joined(separator: "\n")
      }
    }
    for (sql, index) in [
      (Views.lastLines(of: [1, 2], limit: 50), "task_logs_stage"),
      (Views.lines(of: [1, 2], n: nil, minimumLevel: 0, after: 0, limit: 50), "task_logs_stage"),
      (Views.lines(of: [1], n: 3, minimumLevel: 0, after: 0, limit: 50), "task_logs_task"),
      (Views.listing(Views.JobFilter()), "jobs_pkey"), (Views.listing(Views.JobFilter(after: 9)), "jobs_pkey"),
      (Views.listing(Views.JobFilter(workflow: "w")), "jobs_workflow"), (Views.listing(Views.JobFilter(state: .failed)), "jobs_state"),
    ] {
      let plan = try plan(sql)
      #expect(plan.contains("using \(index) on"), "\(plan)")
    }
  }

  @Test func `is as good on a table of samples that was dropped meanwhile`() throws {
    let job = try desk.job(Sample.one)
    try engine.metrics.sample(MetricsSettings())
    #expect(try engine.metrics.overview().sampledAt != nil)
    try desk.execute("DROP TABLE job_metrics")
    #expect(try engine.metrics.overview().sampledAt == nil && engine.metrics.card(job: job) != nil)
    try engine.metrics.sample(MetricsSettings())
    #expect(try engine.metrics.overview().sampledAt != nil)
  }
}
