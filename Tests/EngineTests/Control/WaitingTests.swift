import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Why something does not run` {
  let desk: Desk

  init() throws { desk = try Desk() }

  private func reason(_ job: Int64) throws -> String? { try desk.job(job).waitingReason?.text }
  private func reason(_ job: Int64, _ stage: String) throws -> String? { try desk.stage(job, stage).waitingReason?.text }
  private func reasons(ofTasks job: Int64, _ stage: String) throws -> [String?] {
    try desk.engine.views.tasks(job: job, stage: stage, Views.TaskFilter()).elements.map { $0.waitingReason?.text }
  }

  @Test func `a free runner, a stage before it, and nothing when something runs`() throws {
    let job = try desk.job(Sample.chain)
    #expect(try reason(job) == "waits for a free runner" && reason(job, "a") == "waits for a free runner")
    #expect(try reason(job, "b") == #"waits for stage "a""# && reasons(ofTasks: job, "a") == ["waits for a free runner"])
    let task = try desk.claim()[0]
    #expect(try reason(job) == nil && reason(job, "a") == nil && reasons(ofTasks: job, "a") == [nil])
    try desk.complete([task.done()])
    try desk.work()
    #expect(try reason(job) == nil && reason(job, "c") == nil)
  }

  @Test func `a time that has not come, and who paused it`() throws {
    try desk.put(Sample.one)
    let later = Submission(workflow: "w", params: Array("{}".utf8), notBefore: 4_102_444_800)
    let job = try desk.engine.jobs.submit(later, by: .system).jobID
    #expect(try reason(job) == "not before 2100-01-01T00:00:00.000Z" && reason(job, "a") == reason(job))
    let other = try desk.submit()
    try desk.engine.control.pause(other, why: "disk full", by: .olga)
    #expect(try reason(other) == "the job is paused by olga: disk full" && reason(other, "a") == reason(other))
    #expect(try reasons(ofTasks: other, "a") == [reason(other)])
    try desk.engine.control.resume(other, by: .olga)
    try desk.engine.control.pause(other, stage: "a", by: .olga)
    #expect(try reason(other) == "the stage is paused by olga" && reason(other, "a") == reason(other))
  }

  @Test func `no host, and the time of the next attempt`() throws {
    let job = try desk.job(Sample.array(), params: Sample.list(2))
    try desk.complete(try desk.claim().map { $0.again(after: .seconds(3600)) })
    let text = try #require(try reason(job, "a"))
    #expect(text.hasPrefix("tried again at 20"))
    #expect(try reasons(ofTasks: job, "a") == [text, text])
    try desk.execute("UPDATE hosts SET lease_until = now() - interval '1 second'")
    #expect(try reason(job) == #"no host offers handler "test.a""#)
    #expect(try desk.job(job).waitingReason?.json.serialized() == #"{"code":"no_host","text":"no host offers handler \"test.a\""}"#)
  }

  @Test func `max_parallel is a limit that its queued tasks name`() throws {
    let job = try desk.job(Sample.array(#", "max_parallel": 1"#), params: Sample.list(2))
    _ = try desk.claim()
    #expect(try reasons(ofTasks: job, "a") == [nil, "the stage runs 1 of its tasks at a time (max_parallel)"])
    #expect(try reason(job, "a") == nil)
  }

  @Test func `a limit over all hosts is named by what it keeps`() throws {
    try desk.engine.limits.set("test.a", LimitSettings(concurrency: 1), by: .system)
    let job = try desk.job(Sample.array(), params: Sample.list(2))
    #expect(try reason(job, "a") == "waits for a free runner")
    let tasks = try desk.claim()
    #expect(try reasons(ofTasks: job, "a") == [nil, #"limit "test.a" is reached: see `weir limits`"#])
    try desk.complete(tasks.map { $0.done() })
    try desk.engine.limits.set("test.a", LimitSettings(concurrency: 0), by: .system)
    #expect(try reason(job) == #"limit "test.a" is reached: see `weir limits`"#)
  }
}
