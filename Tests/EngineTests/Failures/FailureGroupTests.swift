import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Failures with one cause` {
  let desk: Desk

  init() throws { desk = try Desk() }

  private func job(_ more: String, of count: Int) throws -> Int64 {
    try desk.job(Sample.array(#", "tolerate": "100000""# + more), params: Sample.list(count))
  }

  /// Of every other task the first attempt fails, of every fourth all of them do.
  private func workBadly() throws {
    try desk.work { task in
      if task.n % 4 == 0 { return task.attempt < 3 ? self.again(task) : task.failed("no object a/\(task.n).tif") }
      if task.n % 2 == 0, task.attempt == 1 { return self.again(task) }
      return task.done()
    }
  }

  private func again(_ task: ClaimedTask) -> Completion {
    var completion = task.again()
    completion.message = "no object b/\(task.n).tif"
    return completion
  }

  @Test func `are one group, whose numbers are those of the rows`() throws {
    let job = try job("", of: 40)
    try workBadly()
    let groups = try desk.engine.views.failureGroups(job: job)
    #expect(groups.count == 1 && groups[0].text == "no object <path>" && groups[0].outcome == "failed")
    #expect(groups[0].attempts == 40 && groups[0].tasks == 20 && groups[0].failed == 10)
    #expect(groups[0].task.hasPrefix("\(job)/a/") && groups[0].message.hasPrefix("no object a/"))
    let tasks = try desk.engine.views.tasks(job: job, stage: "a", Views.TaskFilter(state: .failed)).elements
    #expect(tasks.count == 10 && tasks.allSatisfy { $0.fingerprint == groups[0].fingerprint })
    let stored = try desk.number("SELECT count(*) FROM attempts WHERE fingerprint = \(groups[0].fingerprint)")
    #expect(stored == 40)
    #expect(try desk.number("SELECT count(*) FROM attempts WHERE outcome = 'completed' AND fingerprint IS NOT NULL") == 0)
  }

  @Test func `are told apart by how they ended, and are retried by their fingerprint`() throws {
    let job = try job("", of: 6)
    try desk.work { task in
      var completion = Completion(task: task, end: task.n < 4 ? .failed : .crashed, verdict: .failed)
      completion.message = "bad \(task.n)"
      return completion
    }
    let groups = try desk.engine.views.failureGroups(job: job)
    #expect(groups.map(\.failed) == [4, 2] && groups.map(\.text) == ["bad <n>", "bad <n>"])
    let retried = try desk.engine.control.retry(job, RetryFilter(fingerprint: groups[1].fingerprint), by: .olga)
    #expect(retried.tasks == 2)
    #expect(try desk.engine.views.failureGroups(job: job).map(\.failed) == [4, 0])
    try desk.work()
    #expect(try desk.stage(job, "a").counts.failed == 4)
  }

  @Test func `of all jobs are one group a stage, the latest first`() throws {
    for message in ["old 1", "new 1", "new 2"] {
      _ = try job("", of: 1)
      try desk.work { $0.failed(message) }
    }
    let groups = try desk.engine.views.failureGroups()
    #expect(groups.map(\.text) == ["new <n>", "old <n>"] && groups.map(\.jobs) == [2, 1] && groups[0].workflow == "w")
  }

  @Test func `what ended with its host or was given back is no failure`() throws {
    let job = try job("", of: 2)
    let tasks = try desk.claim()
    try desk.complete([tasks[0].again(.lost, isCounted: false), tasks[1].again(.returned, isCounted: false)])
    try desk.work()
    #expect(try desk.engine.views.failureGroups(job: job).isEmpty)
  }

  @Test func `pause the stage when more tasks fail alike than its budget bears, until it is resumed`() throws {
    let job = try job(#", "failure_budget": 3"#, of: 40)
    try desk.complete(try desk.claim(3).map(again))
    #expect(try desk.stage(job, "a").state == .running)
    try desk.complete(try desk.claim(3).map(again))
    let stage = try desk.stage(job, "a")
    #expect(stage.state == .paused && stage.paused?.by == "weir")
    #expect(try desk.claim().isEmpty)
    #expect(stage.paused?.why == "6 tasks failed alike, and its failure_budget bears 3: no object <path>")
    let reason = "the stage is paused by weir: 6 tasks failed alike, and its failure_budget bears 3: no object <path>"
    #expect(try desk.job(job).state == .running && desk.job(job).waitingReason?.text == reason)
    #expect(try desk.engine.audit.entries(Audit.Filter(actor: "weir", action: "job.pause")).elements.count == 1)
    try desk.engine.control.resume(job, by: .olga)
    // the six that failed before may fail again; three others may, and the fourth is too many
    let next = try desk.claim()
    let fresh = next.filter { $0.attempt == 1 }
    try desk.complete((next.filter { $0.attempt == 2 } + fresh.prefix(3)).map(again))
    #expect(try desk.stage(job, "a").state == .running)
    try desk.complete([again(fresh[3])])
    #expect(try desk.stage(job, "a").state == .paused && desk.countersHold(stage.key))
  }

  @Test func `a share of the tasks pauses no stage before ten failed alike, nor one that is done`() throws {
    let job = try job(#", "failure_budget": "1%""#, of: 20)
    try desk.complete(try desk.claim(9).map { $0.failed("x 1") })
    try desk.complete(try desk.claim(9).map { $0.failed("y 1") })
    #expect(try desk.stage(job, "a").state == .running)
    try desk.complete(try desk.claim(2).map { $0.failed("x 2") })
    #expect(try desk.job(job).state == .completedWithErrors)
    let other = try self.job(#", "failure_budget": "1%""#, of: 20)
    try desk.complete(try desk.claim(10).map { $0.failed("x 1") })
    #expect(try desk.stage(other, "a").state == .paused)
  }

  @Test func `from two hosts at once are counted once each`() async throws {
    let job = try job(#", "failure_budget": 1000"#, of: 400)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<3 {
        group.addTask { [desk] in
          try await onOwnThread {
            while case let tasks = try desk.claim(9), !tasks.isEmpty {
              try desk.complete(tasks.map { $0.n % 2 == 0 ? $0.failed("bad \($0.n)") : $0.done() })
            }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try desk.engine.views.failureGroups(job: job).map(\.tasks) == [200])
  }
}
