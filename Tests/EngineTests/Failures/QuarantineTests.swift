import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `A build that ends runners` {
  let desk: Desk

  init() throws { desk = try Desk(quarantineAfter: 3) }

  private func crash(_ tasks: [ClaimedTask]) throws {
    try desk.complete(
      tasks.map { task in
        var completion = task.again(.crashed)
        completion.message = "the runner crashed: SIGSEGV"
        return completion
      })
  }

  @Test func `of as many different tasks is quarantined: its tasks wait until it is released`() throws {
    _ = try desk.job(Sample.array(), params: Sample.list(10))
    try crash(try desk.claim(2))
    try crash(try desk.claim(2))
    let list = try desk.engine.quarantines.list()
    #expect(list.map(\.libraryHash) == ["h"] && list[0].plugin == "test" && list[0].handler == "test.a" && list[0].tasks == 4)
    #expect(try desk.claim().isEmpty)
    let other = try desk.submit(Sample.list(1))
    let text = #"the build of handler "test.a" (h) is quarantined: release it, or offer a new one"#
    #expect(try desk.claim().isEmpty && desk.job(other).waitingReason?.text == text && desk.job(other).waitingReason?.code == "quarantined")
    #expect(throws: EngineError.self) { try desk.engine.quarantines.release("x", by: .olga) }
    #expect(try desk.engine.quarantines.release("h", by: .olga) == "h")
    #expect(try !desk.claim().isEmpty && desk.engine.quarantines.list().isEmpty)
    let actions = try desk.engine.audit.entries().elements.filter { $0.subject == "build/h" }.map { "\($0.actor.name) \($0.action)" }
    #expect(actions == ["olga build.release", "weir build.quarantine"])
  }

  @Test func `of one task again and again is not`() throws {
    _ = try desk.job(Sample.one)
    for _ in 0..<5 { try crash(try desk.claim()) }
    #expect(try desk.engine.quarantines.list().isEmpty && desk.number("SELECT count(*) FROM runner_kills") == 1)
  }

  @Test func `longer ago counts no more`() throws {
    _ = try desk.job(Sample.array(), params: Sample.list(10))
    try crash(try desk.claim(2))
    try desk.execute("UPDATE runner_kills SET at = now() - interval '2 hours'")
    try crash(try desk.claim(20).filter { $0.attempt == 1 }.suffix(2))
    #expect(try desk.engine.quarantines.list().isEmpty)
  }

  @Test func `waits alone: a host with another build goes on, also with a stage that opens`() throws {
    let job = try desk.job(Sample.chain)
    try desk.execute("INSERT INTO quarantines (library_hash, plugin, handler, tasks) VALUES ('h', 'test', 'test.a', 3)")
    #expect(try desk.claim().isEmpty)
    let second = try desk.engine.hosts.register(
      HostIdentity(name: "there", machine: "m", pid: 2, process: "2"), version: "1", slots: 2,
      offers: Desk.handlers.map { Offer(handler: $0, libraryHash: "h2") })
    #expect(try desk.job(job).waitingReason?.text == "waits for a free runner")
    let tasks = try desk.engine.queue.claim(host: second, handlers: Desk.handlers, limit: 5)
    #expect(tasks.count == 1)
    let answer = try desk.engine.queue.complete([tasks[0].done()], host: desk.host, handlers: ["test.b"], claiming: 5)
    #expect(answer.claimed.isEmpty && answer.openedMore)
    #expect(try desk.engine.queue.claim(host: second, handlers: Desk.handlers, limit: 5).count == 1)
  }

  @Test func `is never quarantined where that is switched off`() throws {
    let desk = try Desk(quarantineAfter: 0)
    _ = try desk.job(Sample.array(), params: Sample.list(30))
    try desk.complete(try desk.claim().map { $0.again(.crashed) })
    #expect(try desk.engine.quarantines.list().isEmpty)
  }
}
