import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Rerunning a job` {
  let desk: Desk
  private var control: Control { desk.engine.control }

  init() throws { desk = try Desk() }

  private static let stages = #"""
    [{"id": "list", "handler": "test.a", "params": {}},
     {"id": "each", "handler": "test.b", "needs": ["list"], "for_each": {"items_of": "list", "batch": 2}, "params": {"x": "${items}"},
      "totals": {"bytes": "sum"}, "tolerate": "2"},
     {"id": "last", "handler": "test.c", "needs": ["each"],
      "params": {"n": "${stages.each.totals.bytes}", "of": "${stages.list.result.name}"}}]
    """#

  /// A job whose list gave 5 items, of which the second batch failed.
  private func ended(_ stages: String = Self.stages) throws -> Int64 {
    try desk.put(stages)
    let job = try desk.engine.jobs.submit(
      Submission(workflow: "w", params: Array("{}".utf8), priority: 3, labels: ["nightly"]), by: .system
    ).jobID
    try work(job)
    return job
  }

  private func work(_ job: Int64, failing: Int? = 1) throws {
    let keys = try (desk.stage(job, "list").key, desk.stage(job, "each").key)
    try desk.work { task in
      if task.stageID == keys.0 { return task.done(#"{"name": "x"}"#, items: ["1", "2", "3", "4", "5"]) }
      if task.stageID == keys.1 {
        if task.n == failing { return task.failed(items: 2) }
        return task.done(items: ["\(task.n)"], totals: [TotalDelta(kind: .total, name: "bytes", rule: .sum, value: "10")])
      }
      return task.done()
    }
  }

  @Test func `from a stage: what is before is read where it is, and the rest runs anew`() throws {
    let origin = try ended()
    #expect(try desk.job(origin).state == .completedWithErrors)
    let before = try desk.number("SELECT count(*) FROM item_ranges")
    let job = try control.rerun(origin, Rerun(from: "each"), by: .olga)
    var view = try desk.job(job)
    #expect(view.origin == origin && view.originStage == "each" && view.labels == ["nightly"] && view.priority == 3 && view.dedupKey == nil)
    #expect(view.stages.map(\.state) == [.completed, .running, .waiting] && view.stages[0].reusedFrom == origin)
    #expect(try desk.number("SELECT count(*) FROM item_ranges") == before)
    #expect(try desk.items(.item, job, "list") == ["1", "2", "3", "4", "5"])
    let tasks = try desk.claim(10, of: ["test.b"])
    let plan = try #require(try desk.engine.stages.plan(tasks[0].stageID))
    let elements = try desk.engine.items.read(.item, of: try #require(plan.itemsFrom), in: try #require(plan.items(of: 2)))
    #expect(elements.map(\.text) == ["5"])
    try desk.complete(tasks.map { $0.done(totals: [TotalDelta(kind: .total, name: "bytes", rule: .sum, value: "7")]) })
    let last = try desk.claim()[0]
    let params = try #require(try desk.engine.stages.plan(last.stageID)).params(of: 0, elements: [])
    #expect(String(decoding: params, as: UTF8.self) == #"{"n":21,"of":"x"}"#)
    try desk.complete([last.done()])
    view = try desk.job(job)
    #expect(view.state == .completed && view.stages[1].counts.completed == 3)
    #expect(try desk.job(origin).state == .completedWithErrors && desk.stage(origin, "each").counts.failed == 1)
    let entry = try #require(try desk.engine.audit.entries(Audit.Filter(action: "job.rerun")).elements.first)
    #expect(entry.subject == "job/\(origin)" && entry.details?.member("job")?.string == "\(job)")
  }

  @Test func `errors of what was taken over are the rerun's too`() throws {
    let origin = try ended()
    let job = try control.rerun(origin, Rerun(from: "last"), by: .olga)
    #expect(try desk.stage(job, "each").counts.failed == 1 && desk.stage(job, "each").totals == ["bytes": "20"])
    let failures = try desk.engine.views.failures(job: job)
    #expect(failures.failedTasks.map(\.n) == [1] && failures.failedTasks[0].items?.values.map(\.text) == ["3", "4"])
    try desk.work()
    #expect(try desk.job(job).state == .completedWithErrors)
    // and of a rerun of the rerun
    let third = try control.rerun(job, Rerun(from: "last"), by: .olga)
    #expect(try desk.items(.item, third, "list").count == 5 && desk.job(third).origin == job)
    #expect(try desk.stage(third, "list").reusedFrom == origin)
  }

  @Test func `without a stage everything runs anew`() throws {
    let origin = try ended()
    let job = try control.rerun(origin, by: .olga)
    #expect(try desk.job(job).stages.map(\.state) == [.running, .waiting, .waiting] && desk.job(job).originStage == nil)
    try work(job, failing: nil)
    #expect(try desk.job(job).state == .completed && desk.job(job).origin == origin)
  }

  @Test func `on the newest version if that is asked for, else on its own`() throws {
    let origin = try ended()
    try desk.put(Self.stages.dropLast(1) + #", {"id": "more", "handler": "test.a", "needs": ["last"]}]"#)
    #expect(try desk.job(control.rerun(origin, Rerun(from: "last"), by: .olga)).stages.count == 3)
    let job = try control.rerun(origin, Rerun(from: "last", version: .newest), by: .olga)
    #expect(try desk.job(job).workflowVersion == 2 && desk.job(job).stages.count == 4)
    try desk.put(Self.stages, parameters: #"{"type": "object", "required": ["x"]}"#)
    #expect {
      try control.rerun(origin, Rerun(version: .newest), by: .olga)
    } throws: {
      ($0 as? EngineError)?.message == #"the parameters of "w" are not valid: 1 problem"#
    }
  }

  @Test func `where it cannot begin is said`() throws {
    let job = try desk.job(Self.stages)
    #expect {
      try control.rerun(job, Rerun(from: "last"), by: .olga)
    } throws: {
      ($0 as? EngineError)?.message == "a rerun from \"last\" needs stage \(job)/list, which is running"
    }
    #expect {
      try control.rerun(job, Rerun(from: "lost"), by: .olga)
    } throws: {
      let error = $0 as? EngineError
      return error?.message == "there is no stage \(job)/lost" && error?.hint == "The job has list, each, last."
    }
  }

  @Test func `what a rerun reads is not discarded by a retry of the origin, nor removed with it`() throws {
    let origin = try ended(Self.stages.replacing(#""params": {}"#, with: #""params": {}, "tolerate": "1""#))
    let job = try control.rerun(origin, Rerun(from: "last"), by: .olga)
    try desk.execute("UPDATE attempts SET outcome = 'failed' WHERE stage_id = \(try desk.stage(origin, "list").key)")
    try desk.execute("UPDATE stage_counters SET completed = 0, failed = 1 WHERE stage_id = \(try desk.stage(origin, "list").key)")
    #expect {
      try control.retry(origin, RetryFilter(stage: "list"), by: .olga)
    } throws: {
      ($0 as? EngineError)?.message == "job \(job) reads what stage \(origin)/each gave"
    }
    #expect(throws: DatabaseError.self) { try desk.execute("DELETE FROM jobs WHERE id = \(origin)") }
    try desk.execute("DELETE FROM jobs WHERE id IN (\(origin), \(job))")
    #expect(try desk.number("SELECT count(*) FROM stages") == 0)
  }
}
