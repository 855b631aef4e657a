import Database
import Engine
import TestSupport
import Testing
import Workflow

extension Actor {
  static let olga = Actor(name: "olga", role: .operator, via: .cli)
}

@Suite struct `Pause and resume` {
  let desk: Desk
  private var control: Control { desk.engine.control }

  init() throws { desk = try Desk() }

  private func message(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return (error as? EngineError)?.message
    }
  }

  @Test func `of a paused job nothing is claimed, what runs goes on, and it ends as if nothing had been`() throws {
    let job = try desk.job(Sample.fan(), params: "{}")
    try desk.complete([try desk.claim()[0].done(items: ["1", "2", "3"])])
    let running = try desk.claim(2)
    try control.pause(job, why: "disk full", by: .olga)
    try control.pause(job, why: "again", by: .olga)
    let view = try desk.job(job)
    #expect(view.state == .paused && view.paused?.by == "olga" && view.paused?.why == "disk full")
    #expect(view.stages.map(\.state) == [.completed, .paused] && view.stages[1].paused == nil)
    #expect(try desk.claim().isEmpty)
    try desk.complete([running[0].done(), running[1].again()])
    let key = try desk.stage(job, "b").key
    #expect(try desk.claim().isEmpty && desk.countersHold(key))
    try control.resume(job, by: .olga)
    try control.resume(job, by: .olga)
    #expect(try desk.job(job).state == .running && desk.job(job).paused == nil && desk.stage(job, "b").state == .running)
    try desk.work()
    #expect(try desk.job(job).state == .completed && desk.countersHold(key))
    let entries = try desk.engine.audit.entries(Audit.Filter(actor: "olga")).elements
    #expect(entries.map(\.action) == ["job.resume", "job.pause"])
    #expect(entries[1].subject == "job/\(job)" && entries[1].details?.member("why")?.string == "disk full")
  }

  @Test func `a stage whose last task ends in a paused job is closed, and the next one waits`() throws {
    let job = try desk.job(Sample.chain)
    let task = try desk.claim()[0]
    try control.pause(job, by: .olga)
    #expect(try desk.complete([task.done()]).claimed.isEmpty)
    #expect(try desk.job(job).stages.map(\.state) == [.completed, .waiting, .waiting] && desk.job(job).state == .paused)
    try control.resume(job, by: .olga)
    #expect(try desk.job(job).stages.map(\.state) == [.completed, .running, .waiting])
  }

  @Test func `a paused job whose last task ends has ended`() throws {
    let job = try desk.job(Sample.one)
    let task = try desk.claim()[0]
    try control.pause(job, by: .olga)
    #expect(try desk.complete([task.done()]).endedJobs == [job])
    #expect(try desk.job(job).state == .completed && desk.job(job).paused == nil)
    #expect(message { try control.pause(job, by: .olga) } == "job \(job) has ended already: completed")
    #expect(message { try control.resume(job, by: .olga) } == "job \(job) has ended already: completed")
  }

  @Test func `a job that waits for its time is paused, and waits for it again when resumed`() throws {
    try desk.put(Sample.one)
    let later = Submission(workflow: "w", params: Array("{}".utf8), notBefore: 4_102_444_800)
    let job = try desk.engine.jobs.submit(later, by: .system).jobID
    try control.pause(job, by: .olga)
    try desk.execute("UPDATE jobs SET not_before = now() - interval '1 second'")
    #expect(try desk.engine.jobs.promote() == 0)
    try desk.execute("UPDATE jobs SET not_before = now() + interval '1 hour'")
    try control.resume(job, by: .olga)
    #expect(try desk.job(job).state == .queued && desk.job(job).startedAt == nil)
    try control.pause(job, by: .olga)
    try desk.execute("UPDATE jobs SET not_before = now() - interval '1 second'")
    try control.resume(job, by: .olga)
    #expect(try desk.job(job).state == .running && desk.claim().count == 1)
  }

  @Test func `one stage is paused while others go on`() throws {
    let job = try desk.job(#"[{"id": "a", "handler": "test.a"}, {"id": "b", "handler": "test.b"}]"#)
    try control.pause(job, stage: "a", why: "look first", by: .olga)
    #expect(try desk.job(job).state == .running && desk.stage(job, "a").paused?.why == "look first")
    #expect(try desk.claim().map(\.stageID) == [desk.stage(job, "b").key])
    try control.resume(job, stage: "a", by: .olga)
    #expect(try desk.claim().count == 1)
  }

  @Test func `what cannot be paused or resumed is said`() throws {
    let job = try desk.job(Sample.chain)
    #expect(message { try control.pause(job, stage: "b", by: .olga) } == "stage \(job)/b is not running but waiting")
    #expect(message { try control.pause(job, stage: "x", by: .olga) } == "there is no stage \(job)/x")
    #expect(message { try control.pause(99, by: .olga) } == "there is no job 99")
    try control.pause(job, by: .olga)
    #expect(message { try control.resume(job, stage: "a", by: .olga) } == "job \(job) is paused as a whole")
    try control.resume(job, by: .olga)
    let task = try desk.claim()[0]
    try control.cancel(job, by: .olga)
    #expect(message { try control.pause(job, by: .olga) } == "job \(job) is being cancelled")
    #expect(message { try control.resume(job, by: .olga) } == "job \(job) is being cancelled")
    try desk.complete([task.cancelled()])
    #expect(try desk.job(job).state == .cancelled)
  }

  @Test func `a paused job is cancelled at once when nothing runs, else with its last task`() throws {
    let idle = try desk.job(Sample.array(), params: Sample.list(3))
    try control.pause(idle, by: .olga)
    try control.cancel(idle, by: .olga)
    #expect(try desk.job(idle).state == .cancelled && desk.stage(idle, "a").counts.cancelled == 3)
    let busy = try desk.submit(Sample.list(3))
    let task = try desk.claim(1)[0]
    try control.pause(busy, by: .olga)
    try control.cancel(busy, by: .olga)
    #expect(try desk.job(busy).state == .running && desk.job(busy).paused == nil)
    try desk.complete([task.again()])
    #expect(try desk.job(busy).state == .cancelled && desk.number("SELECT count(*) FROM ready") == 0)
  }

  /// The claim's statement began before the pause, and waits for the counters that the pause has locked.
  @Test func `a claim that could not see a pause takes nothing`() async throws {
    let job = try desk.job(Sample.array(), params: Sample.list(3))
    let key = try desk.stage(job, "a").key
    let meeting = Meeting(of: 2)
    async let pause: Void = onOwnThread { [desk] in
      try desk.own.database.transaction { tx in
        try tx.execute("UPDATE stage_counters SET held = true WHERE stage_id = \(key)")
        try tx.execute("UPDATE stages SET state = 'paused' WHERE id = \(key)")
        meeting.wait()
        try until { try desk.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0 }
      }
    }
    async let claim = onOwnThread { [desk] in
      meeting.wait()
      return try desk.claim()
    }
    let (_, claimed) = try await (pause, claim)
    #expect(claimed.isEmpty)
    #expect(try desk.countersHold(key))
  }

  @Test func `pausing and resuming against claims and completions loses nothing`() async throws {
    let job = try desk.job(Sample.array(#", "tolerate": "1000""#), params: Sample.list(600))
    let key = try desk.stage(job, "a").key
    let hosts = (0..<2).map { _ in
      Task { [desk] in
        try await onOwnThread {
          while try desk.job(job).state.isFinal == false { try desk.complete(try desk.claim(5).map { $0.done() }) }
        }
      }
    }
    let operators = (0..<2).map { _ in
      Task { [desk] in
        try await onOwnThread {
          do {
            for _ in 0..<15 {
              try desk.engine.control.pause(job, by: .olga)
              try desk.engine.control.resume(job, by: .olga)
            }
          } catch let error as EngineError {
            guard case .jobHasEnded = error.code else { throw error }
          }
        }
      }
    }
    for task in operators + hosts { try await task.value }
    #expect(try desk.job(job).state == .completed && desk.stage(job, "a").counts.completed == 600 && desk.countersHold(key))
  }

  @Test func `cancel against resume: whoever comes first, the job is cancelled`() async throws {
    for _ in 0..<8 {
      let job = try desk.job(Sample.array(), params: Sample.list(3))
      try control.pause(job, by: .olga)
      async let cancel: Void = onOwnThread { [control] in try control.cancel(job, by: .olga) }
      async let resume: Void = onOwnThread { [control] in
        do { try control.resume(job, by: .olga) } catch is EngineError {}
      }
      _ = try await (cancel, resume)
      #expect(try desk.job(job).state == .cancelled && desk.number("SELECT count(*) FROM ready") == 0)
    }
  }

  @Test func `cancelling again may be harder, and says so to the hosts`() throws {
    let job = try desk.job(Sample.one)
    let task = try desk.claim()[0]
    try control.cancel(job, by: .olga)
    try control.cancel(job, by: .olga)
    #expect(try desk.engine.jobs.cancelling(host: desk.host).map(\.stop) == [.asking])
    try control.cancel(job, .now, by: .olga)
    try control.cancel(job, by: .olga)
    #expect(try desk.engine.jobs.cancelling(host: desk.host).map(\.stop) == [.now])
    #expect(try desk.engine.audit.entries(Audit.Filter(action: "job.cancel")).elements.count == 2)
    try desk.complete([task.cancelled()])
    #expect(try desk.job(job).state == .cancelled)
  }
}
