import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Retrying failed tasks` {
  let desk: Desk
  private var control: Control { desk.engine.control }

  init() throws { desk = try Desk() }

  private static let threeStages = #"""
    [{"id": "a", "handler": "test.a", "for_each": {"array": "${params.list}"}, "params": {"x": "${item}"}, "tolerate": "TOLERATED"},
     {"id": "b", "handler": "test.b", "needs": ["a"], "for_each": {"items_of": "a"}, "params": {"x": "${item}"}},
     {"id": "c", "handler": "test.c", "needs": ["b"], "params": {"n": "${stages.b.totals.tasks}"}},
     {"id": "d", "handler": "test.c"}]
    """#

  private func job(tolerating count: Int, of items: Int = 4) throws -> Int64 {
    try desk.job(Self.threeStages.replacing("TOLERATED", with: "\(count)"), params: Sample.list(items))
  }

  /// Ends every task; of stage `a` those with an even number fail.
  private func workBadly(_ job: Int64) throws {
    let a = try desk.stage(job, "a").key
    try desk.work { $0.stageID == a && $0.n % 2 == 0 ? $0.failed("bad \($0.n)") : $0.done(items: ["\($0.n)"]) }
  }

  @Test func `a failed job opens again, what was skipped waits again, and it ends well`() throws {
    let job = try job(tolerating: 0)
    try workBadly(job)
    #expect(try desk.job(job).state == .failed && desk.job(job).stages.map(\.state) == [.failed, .skipped, .skipped, .completed])
    let key = try desk.stage(job, "a").key
    let retried = try control.retry(job, by: .olga)
    #expect(retried == Retried(tasks: 2, stages: ["a"], putBack: ["b", "c"]))
    let view = try desk.job(job)
    #expect(view.state == .running && view.finishedAt == nil && view.error == nil)
    #expect(view.stages.map(\.state) == [.running, .waiting, .waiting, .completed] && view.stages[0].reason == nil)
    #expect(view.stages[0].counts.queued == 2 && view.stages[0].counts.failed == 0 && view.stages[0].failedItems == 0)
    #expect(try desk.countersHold(key))
    let again = try desk.claim()
    #expect(again.map(\.n) == [0, 2] && again.allSatisfy { $0.attempt == 2 && $0.failures == 0 && $0.kills == 0 })
    try desk.complete(again.map { $0.done(items: ["\($0.n)"]) })
    try desk.work()
    #expect(try desk.job(job).state == .completed && desk.countersHold(key))
    #expect(try desk.items(.item, job, "a").sorted() == ["0", "1", "2", "3"] && desk.stage(job, "b").counts.total == 4)
    let entry = try #require(try desk.engine.audit.entries(Audit.Filter(actor: "olga")).elements.first)
    #expect(entry.action == "job.retry" && entry.details?.member("tasks")?.int == 2)
  }

  @Test func `what ran behind on stale input is discarded and runs again on what there is then`() throws {
    let job = try job(tolerating: 2)
    try workBadly(job)
    #expect(try desk.job(job).state == .completedWithErrors && desk.stage(job, "b").counts.total == 2)
    let stale = try desk.stage(job, "b").key
    let retried = try control.retry(job, by: .olga)
    #expect(retried.putBack == ["b", "c"])
    #expect(try desk.number("SELECT count(*) FROM item_ranges WHERE stage_id = \(stale)") == 0)
    #expect(try desk.number("SELECT count(*) FROM discarded") == 3)
    #expect(try desk.stage(job, "b").key != stale && desk.stage(job, "b").items == 0)
    try desk.work { $0.done(items: ["\($0.n)"]) }
    #expect(try desk.job(job).state == .completed)
    #expect(try desk.stage(job, "b").counts.total == 4 && desk.items(.item, job, "b").count == 4)
    #expect(try desk.countersHold(try desk.stage(job, "b").key))
    while try desk.engine.spool.clean() > 0 {}
    #expect(try desk.items(.item, job, "b").count == 4)
  }

  @Test func `nothing behind may run meanwhile`() throws {
    let job = try job(tolerating: 2)
    let a = try desk.stage(job, "a").key
    try desk.complete(try desk.claim(100, of: ["test.a"]).map { $0.stageID == a && $0.n > 1 ? $0.failed() : $0.done(items: ["1"]) })
    let running = try desk.claim(1, of: ["test.b"])
    #expect {
      try control.retry(job, by: .olga)
    } throws: {
      ($0 as? EngineError)?.message == "stage \(job)/b runs 1 task on what would change by a retry"
    }
    try control.pause(job, by: .olga)
    try desk.complete([running[0].done()])
    #expect(try control.retry(job, by: .olga).tasks == 2)
    #expect(try desk.job(job).state == .paused && desk.stage(job, "a").state == .paused && desk.claim().isEmpty)
    try control.resume(job, by: .olga)
    try desk.work { $0.done(items: ["1"]) }
    #expect(try desk.job(job).state == .completed && desk.stage(job, "b").counts.completed == 4)
  }

  @Test func `of a running stage what has failed so far is tried again`() throws {
    let job = try desk.job(Sample.array(#", "tolerate": "1""#), params: Sample.list(3))
    let tasks = try desk.claim()
    try desk.complete([tasks[0].failed(), tasks[1].done()])
    #expect(try control.retry(job, by: .olga) == Retried(tasks: 1, stages: ["a"], putBack: []))
    #expect(try desk.countersHold(try desk.stage(job, "a").key))
    try desk.complete([tasks[2].done()])
    #expect(try desk.job(job).state == .running)
    try desk.work()
    #expect(try desk.job(job).state == .completed)
  }

  @Test func `only what matches is tried again`() throws {
    let job = try desk.job(Sample.array(), params: Sample.list(4))
    let ends: [AttemptEnd] = [.failed, .crashed, .crashed, .completed]
    try desk.work { task in
      guard ends[task.n] != .completed else { return task.done() }
      var completion = Completion(task: task, end: ends[task.n], verdict: .failed)
      completion.message = "m"
      return completion
    }
    #expect(try control.retry(job, RetryFilter(outcome: "timeout"), by: .olga).tasks == 0)
    #expect(try desk.job(job).state == .failed)
    #expect(try control.retry(job, RetryFilter(stage: "a", outcome: "crashed"), by: .olga).tasks == 2)
    #expect(try desk.stage(job, "a").counts.failed == 1)
    try desk.work()
    #expect(try desk.job(job).state == .failed)
    #expect(throws: EngineError.self) { try control.retry(job, RetryFilter(stage: "x"), by: .olga) }
  }

  @Test func `the last batch counts as many items as it has`() throws {
    let stages = #"[{"id": "a", "handler": "test.a", "for_each": {"array": "${params.list}", "batch": 4}, "params": {"x": "${items}"}}]"#
    let job = try desk.job(stages, params: Sample.list(10))
    let sizes = [4, 4, 2]
    try desk.work { $0.n == 1 ? $0.failed("one") : $0.failed("two", items: sizes[$0.n]) }
    try desk.execute("UPDATE stage_counters SET failed_items = 10")
    try desk.execute("UPDATE attempts SET outcome = 'crashed' WHERE n = 2")
    _ = try control.retry(job, RetryFilter(outcome: "crashed"), by: .olga)
    #expect(try desk.stage(job, "a").failedItems == 8)
  }

  @Test func `a cancelled job is not retried`() throws {
    let job = try desk.job(Sample.one)
    try control.cancel(job, by: .olga)
    #expect {
      try control.retry(job, by: .olga)
    } throws: {
      ($0 as? EngineError)?.message == "job \(job) has ended already: cancelled"
    }
  }

  @Test func `two operators at once retry each task once`() async throws {
    let job = try job(tolerating: 0, of: 20)
    try workBadly(job)
    let answers = try await withThrowingTaskGroup(of: Retried.self) { group in
      for _ in 0..<4 { group.addTask { [control] in try await onOwnThread { try control.retry(job, by: .olga) } } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers.map(\.tasks).sorted() == [0, 0, 0, 10])
    #expect(try desk.countersHold(try desk.stage(job, "a").key))
  }

  @Test func `retries against completions: counters equal the rows all the time`() async throws {
    let job = try desk.job(Sample.array(#", "tolerate": "100000""#), params: Sample.list(300))
    let key = try desk.stage(job, "a").key
    async let host: Void = onOwnThread { [desk] in
      while try desk.job(job).state.isFinal == false {
        try desk.complete(try desk.claim(7).map { $0.attempt == 1 && $0.n % 3 == 0 ? $0.failed() : $0.done() })
      }
    }
    async let operators: Void = onOwnThread { [desk] in
      for _ in 0..<20 {
        _ = try desk.engine.control.retry(job, by: .olga)
        #expect(try desk.countersHold(key))
      }
    }
    _ = try await (host, operators)
    if try desk.stage(job, "a").counts.failed > 0 {
      _ = try control.retry(job, by: .olga)
      try desk.work()
    }
    #expect(try desk.job(job).state == .completed && desk.stage(job, "a").counts.completed == 300 && desk.countersHold(key))
  }
}
