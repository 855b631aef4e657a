import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Deadlines` {
  let desk: Desk

  init() throws { desk = try Desk() }

  private func put(_ stages: String, deadline: String) throws {
    let text = #"{"name": "w", "deadline": "\#(deadline)", "parameters": {"type": "object"}, "stages": \#(stages)}"#
    try desk.engine.catalog.put(WorkflowDefinition.load(bytes: Array(text.utf8), file: "w.json").get(), text: text)
  }

  private func age(_ duration: String) throws {
    try desk.execute("UPDATE ready SET due_at = due_at - \(duration)::text::interval")
  }

  @Test func `a task that waits in the queue for too long fails, and says so`() throws {
    let stages = #"""
      [{"id": "a", "handler": "test.a", "for_each": {"array": "${params.list}", "batch": 4}, "params": {"x": "${items}"},
        "queue_timeout": "5m", "tolerate": "10"}]
      """#
    let job = try desk.job(stages, params: Sample.list(10))
    let first = try desk.claim(1)
    try age("6 minutes")
    #expect(try desk.engine.queue.expire().isEmpty)
    let stage = try desk.stage(job, "a")
    #expect(stage.counts.failed == 2 && stage.failedItems == 6 && stage.counts.running == 1)
    #expect(try desk.countersHold(stage.key))
    let failed = try desk.engine.views.tasks(job: job, stage: "a", Views.TaskFilter(state: .failed)).elements
    #expect(failed.map(\.outcome) == ["timeout", "timeout"])
    #expect(failed[0].message == #"handler "test.a", task \#(job)/a/1: waited in the queue for longer than 5m (queue_timeout)"#)
    try desk.complete([first[0].again()])
    try age("6 minutes")
    #expect(try desk.engine.queue.expire() == [job])
    #expect(try desk.job(job).state == .completedWithErrors && desk.countersHold(stage.key))
  }

  @Test func `a stage without a limit of its own has its handler's, if that has one`() throws {
    let job = try desk.job(Sample.one)
    try age("6 minutes")
    #expect(try desk.engine.queue.expire().isEmpty && desk.engine.queue.expire(otherwise: ["test.b": .seconds(1)]).isEmpty)
    #expect(try desk.engine.queue.expire(otherwise: ["test.a": .seconds(300), "test.b": .seconds(1)]) == [job])
    #expect(try desk.job(job).state == .failed)
  }

  @Test func `time does not count while the stage is paused`() throws {
    let job = try desk.job(#"[{"id": "a", "handler": "test.a", "queue_timeout": "5m"}]"#)
    try desk.engine.control.pause(job, by: .olga)
    try age("1 hour")
    #expect(try desk.engine.queue.expire().isEmpty)
    try desk.engine.control.resume(job, by: .olga)
    #expect(try desk.engine.queue.expire().isEmpty && desk.claim().count == 1)
  }

  @Test func `a job past its deadline is killed, and fails saying so`() throws {
    try put(Sample.array(), deadline: "2h")
    let job = try desk.submit(Sample.list(4))
    #expect(try desk.job(job).deadlineAt != nil && desk.engine.jobs.overdue() == 0)
    let tasks = try desk.claim(2)
    try desk.execute("UPDATE jobs SET deadline_at = now()")
    #expect(try desk.engine.jobs.overdue() == 1 && desk.engine.jobs.overdue() == 0)
    #expect(Set(try desk.engine.jobs.cancelling(host: desk.host)) == Set(tasks.map { Cancelling(token: $0.token, stop: .now) }))
    try desk.complete([tasks[0].cancelled(), tasks[1].done()])
    let view = try desk.job(job)
    #expect(view.state == .failed && view.error == "it was not done within its deadline of 2h")
    #expect(view.stages[0].state == .cancelled && view.stages[0].counts.completed == 1)
    #expect(try desk.engine.audit.entries(Audit.Filter(action: "job.deadline")).elements.count == 1)
    #expect(throws: EngineError.self) { try desk.engine.control.retry(job, by: .olga) }
  }

  @Test func `a deadline counts from the start, and from the retry that opens a job again`() throws {
    try put(Sample.one, deadline: "2h")
    let later = Submission(workflow: "w", params: Array("{}".utf8), notBefore: 4_102_444_800)
    let waiting = try desk.engine.jobs.submit(later, by: .system).jobID
    #expect(try desk.job(waiting).deadlineAt == nil)
    try desk.execute("UPDATE jobs SET not_before = now()")
    _ = try desk.engine.jobs.promote()
    #expect(try desk.job(waiting).deadlineAt != nil)
    try desk.work { $0.failed() }
    try desk.execute("UPDATE jobs SET deadline_at = now() - interval '1 minute'")
    #expect(try desk.engine.jobs.overdue() == 0)
    #expect(try desk.engine.control.retry(waiting, by: .olga).tasks == 1)
    #expect(try desk.engine.jobs.overdue() == 0 && desk.number("SELECT (deadline_at > now())::int FROM jobs") == 1)
    let rerun = try desk.engine.control.rerun(waiting, by: .olga)
    #expect(try desk.job(rerun).deadlineAt != nil)
  }

  @Test func `a paused job has its deadline all the same, and one that was cancelled is cancelled`() throws {
    try put(Sample.one, deadline: "2h")
    let paused = try desk.submit()
    try desk.engine.control.pause(paused, by: .olga)
    let cancelled = try desk.submit()
    let task = try desk.claim()[0]
    try desk.engine.control.cancel(cancelled, by: .olga)
    try desk.execute("UPDATE jobs SET deadline_at = now() - interval '1 minute'")
    #expect(try desk.engine.jobs.overdue() == 1)
    #expect(try desk.job(paused).state == .failed)
    try desk.complete([task.cancelled()])
    #expect(try desk.job(cancelled).state == .cancelled)
  }
}
