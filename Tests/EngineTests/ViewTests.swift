import Database
import Engine
import Testing
import Workflow

@Suite struct `What is shown` {
  let desk: Desk

  init() throws { desk = try Desk() }

  private typealias Filter = Views.TaskFilter

  @Test func `jobs are listed newest first, by page and filter`() throws {
    try desk.put(Sample.one)
    let jobs = try (0..<5).map { _ in try desk.submit() }
    try desk.engine.control.cancel(jobs[2], by: .system)
    let first = try desk.engine.views.jobs(.init(limit: 2))
    #expect(first.elements.map(\.id) == [jobs[4], jobs[3]] && first.next == "\(jobs[3])")
    let rest = try desk.engine.views.jobs(.init(after: jobs[3], limit: 3))
    #expect(rest.elements.map(\.id) == [jobs[2], jobs[1], jobs[0]] && rest.next == nil)
    #expect(try desk.engine.views.jobs(.init(state: .cancelled)).elements.map(\.id) == [jobs[2]])
    #expect(try desk.engine.views.jobs(.init(workflow: "v")).elements.isEmpty)
    #expect(first.elements[0].stages.map(\.id) == ["a"])
  }

  @Test func `tasks are listed by number with where they are`() throws {
    let job = try desk.job(Sample.array(#", "tolerate": "100%""#), params: Sample.list(10))
    let tasks = try desk.claim(7)
    try desk.complete([
      tasks[0].done(#"{"r": 1}"#), tasks[1].failed("why"), tasks[2].again(after: .seconds(60)), tasks[3].done(),
      tasks[4].cancelled(),
    ])
    func list(_ filter: Filter) throws -> [String] {
      try desk.engine.views.tasks(job: job, stage: "a", filter).elements.map { "\($0.n) \($0.state)" }
    }
    let all = [
      "0 completed", "1 failed", "2 retrying", "3 completed", "4 cancelled", "5 running", "6 running", "7 queued", "8 queued", "9 queued",
    ]
    #expect(try list(Filter()) == all)
    for state in TaskState.allCases {
      #expect(try list(Filter(state: state)) == all.filter { $0.hasSuffix(" \(state)") })
    }
    let page = try desk.engine.views.tasks(job: job, stage: "a", Filter(after: 2, limit: 3))
    #expect(page.elements.map(\.n) == [3, 4, 5] && page.next == "5")
    let view = try desk.engine.views.tasks(job: job, stage: "a", Filter()).elements
    #expect(view[0].result?.text == #"{"r": 1}"# && view[1].message == "why" && view[2].dueAt != nil)
    #expect(view[2].attempts == 1 && view[2].outcome == "failed" && view[5].host == "here")
  }

  @Test func `what is not there is named with what is`() throws {
    let job = try desk.job(Sample.chain)
    #expect { try desk.engine.views.job(99) } throws: { ($0 as? EngineError)?.message == "there is no job 99" }
    #expect { try desk.engine.views.tasks(job: job, stage: "x", Filter()) } throws: {
      let error = $0 as? EngineError
      return error?.message == "there is no stage \(job)/x" && error?.hint == "The job has a, b, c."
    }
    #expect(throws: EngineError.self) { try desk.engine.views.items(.item, job: 99, stage: "a") }
    #expect(throws: EngineError.self) { try desk.engine.views.logs(job: job, stage: "x") }
  }

  @Test func `items come by page`() throws {
    let job = try desk.job(Sample.one)
    try desk.work { $0.done(items: (0..<5).map(String.init)) }
    let first = try desk.engine.views.items(.item, job: job, stage: "a", limit: 2)
    #expect(first.elements.map(\.text) == ["0", "1"] && first.next == "1")
    let last = try desk.engine.views.items(.item, job: job, stage: "a", after: 2, limit: 2)
    #expect(last.elements.map(\.text) == ["3", "4"] && last.next == nil)
  }

  @Test func `failures hold rejects and failed tasks, and say when they are cut`() throws {
    let job = try desk.job(Sample.array(#", "tolerate": "100%""#), params: Sample.list(6))
    try desk.work { $0.n < 2 ? $0.failed("no \($0.n)") : $0.done(rejects: 1) }
    let all = try desk.engine.views.failures(job: job)
    #expect(all.rejects.count == 4 && all.failedTasks.map(\.task.message) == ["no 0", "no 1"] && !all.isCut)
    #expect(all.rejects[0] == ["stage": "a", "subject": "s", "code": 200, "message": "bad"])
    let cut = try desk.engine.views.failures(job: job, limit: 1)
    #expect(cut.rejects.count == 1 && cut.failedTasks.count == 1 && cut.isCut)
  }

  @Test func `a stage of 100,000 ended tasks is listed by its index`() throws {
    let job = try desk.job(Sample.array(#", "tolerate": "100%""#), params: Sample.list(2))
    try desk.work { $0.n == 1 ? $0.failed() : $0.done() }
    let key = try desk.stage(job, "a").key
    try desk.execute(
      """
      INSERT INTO attempts (stage_id, n, attempt, token, final, outcome, claimed_at)
      SELECT \(key), n, 1, -n, true, 'completed', now() FROM generate_series(2, 100000) AS n
      """)
    try desk.execute("ANALYZE attempts")
    for state in [nil, TaskState.failed, .running, .queued] {
      let time = try ContinuousClock().measure { _ = try desk.engine.views.tasks(job: job, stage: "a", Filter(state: state, limit: 50)) }
      #expect(time < .seconds(1), "\(state.map { "\($0)" } ?? "any")")
    }
    #expect(try desk.engine.views.tasks(job: job, stage: "a", Filter(state: .failed)).elements.map(\.n) == [1])
  }
}

@Suite struct `The journal` {
  let desk: Desk

  init() throws { desk = try Desk() }

  @Test func `lines come back in their order, by task and level, by page`() throws {
    let job = try desk.job(Sample.array(), params: Sample.list(2))
    let key = try desk.stage(job, "a").key
    try desk.engine.journal.append(
      (0..<6).map { Journal.Line(stageID: key, n: $0 % 2, attempt: 1, level: $0 - 1, message: "m\0\($0)", fields: #"{"i":\#($0)}"#) })
    try desk.engine.journal.append([])
    let all = try desk.engine.views.logs(job: job).elements
    #expect(all.map(\.message) == (0..<6).map { "m\($0)" })
    #expect(all.map(\.level) == ["debug", "debug", "info", "warning", "error", "error"])
    #expect(try desk.engine.views.logs(job: job, stage: "a", n: 1, minimumLevel: 2).elements.map(\.message) == ["m3", "m5"])
    let page = try desk.engine.views.logs(job: job, limit: 4)
    #expect(page.next == "\(page.elements[3].id)")
    #expect(try desk.engine.views.logs(job: job, after: page.elements[3].id).elements.map(\.message) == ["m4", "m5"])
  }

  @Test func `progress is that of running attempts, the last report of each`() throws {
    let job = try desk.job(Sample.array(), params: Sample.list(2))
    let tasks = try desk.claim()
    func report(_ done: UInt64) -> [Journal.Progress] {
      tasks.map { .init(token: $0.token, stageID: $0.stageID, n: $0.n, done: done, total: .max, note: "at\0 \(done)") }
    }
    try desk.engine.journal.report(report(1))
    try desk.engine.journal.report(report(7))
    let view = try desk.engine.views.tasks(job: job, stage: "a", .init()).elements[0]
    #expect(view.progress?.done == "7" && view.progress?.total == "18446744073709551615" && view.progress?.note == "at 7")
    try desk.complete([tasks[0].again()])
    try desk.engine.journal.report(report(8))
    #expect(try desk.number("SELECT count(*) FROM progress") == 1)
  }
}
