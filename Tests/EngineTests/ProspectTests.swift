import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `What is left for a host` {
  let desk: Desk

  init() throws { desk = try Desk() }

  private func prospect(_ handlers: [String]) throws -> Prospect { try desk.engine.hosts.prospect(handlers: handlers) }

  @Test func `is nothing while there is no job, and all stages of one that has begun`() throws {
    #expect(try prospect(Desk.handlers) == Prospect(hasWork: false, openJobs: 0))
    _ = try desk.job(Sample.chain)
    #expect(try prospect(["test.a"]) == Prospect(hasWork: true, openJobs: 1))
    #expect(try prospect(["test.c"]) == Prospect(hasWork: true, openJobs: 1))
    #expect(try prospect(["test.d"]) == Prospect(hasWork: false, openJobs: 0))
    try desk.complete([try desk.claim()[0].done()])
    #expect(try prospect(["test.a"]) == Prospect(hasWork: false, openJobs: 0))
    try desk.work()
    #expect(try prospect(Desk.handlers) == Prospect(hasWork: false, openJobs: 0))
  }

  @Test func `is a task that another host has in hand, and a retry that waits`() throws {
    _ = try desk.job(Sample.one)
    let task = try desk.claim()[0]
    #expect(try prospect(["test.a"]).hasWork)
    try desk.complete([task.again(after: .seconds(3600))])
    #expect(try prospect(["test.a"]).hasWork)
  }

  @Test func `is no work where a stage before waits for a handler that no host offers`() throws {
    _ = try desk.job(Sample.chain)
    try desk.execute("UPDATE offers SET handler = 'test.z' WHERE handler = 'test.a'")
    #expect(try prospect(["test.b"]) == Prospect(hasWork: false, openJobs: 1))
    try desk.execute("UPDATE offers SET handler = 'test.a' WHERE handler = 'test.z'")
    #expect(try prospect(["test.b"]).hasWork)
    try desk.execute("UPDATE hosts SET lease_until = now() - interval '1 second'")
    #expect(!(try prospect(["test.b"]).hasWork))
  }

  @Test func `is no work before a job may begin, and work when it may`() throws {
    try desk.put(Sample.one)
    _ = try desk.engine.jobs.submit(Submission(workflow: "w", params: Array("{}".utf8), notBefore: 4e9), by: .system)
    #expect(try prospect(["test.a"]) == Prospect(hasWork: false, openJobs: 1))
    try desk.execute("UPDATE jobs SET not_before = now()")
    #expect(try prospect(["test.a"]).hasWork)
  }
}
