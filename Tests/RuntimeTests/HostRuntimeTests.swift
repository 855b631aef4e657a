import Database
import Engine
import Glibc
import Runtime
import Synchronization
import TestSupport
import Testing
import Workflow

@Suite struct `A host` {
  let house: House

  init() throws { house = try House() }

  private static let fan = #"""
    [{"id": "list", "handler": "noop.emit", "params": {"count": "${params.count}"}},
     {"id": "each", "handler": "noop.echo", "needs": ["list"], "for_each": {"items_of": "list", "batch": 10}, "params": {"items": "${items}"}},
     {"id": "last", "handler": "noop.echo", "needs": ["each"], "params": {"n": "${stages.each.totals.tasks}", "x": "${params.x}"}}]
    """#

  @Test func `runs a job of three stages`() async throws {
    let job = try await house.run(Self.fan, params: #"{"count": 95, "x": 0.10}"#, on: [try house.plugin("Noop", House.noop)])
    #expect(job.state == .completed)
    #expect(job.stages.map(\.counts.completed) == [1, 10, 1])
    #expect(job.stages[2].result?.text == #"{"n":10,"x":0.10}"#)
    #expect(try house.engine.views.hosts().map(\.state) == ["stopped"])
  }

  @Test func `a handler that crashes on one batch of ten leaves nine done and says which`() async throws {
    let job = try await house.run(
      #"""
      [{"id": "a", "handler": "broken.picky", "tolerate": "1", "for_each": {"array": "${params.list}"}, "params": {"batch": "${item}"}}]
      """#, params: #"{"list": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]}"#, on: [try house.plugin("Broken", House.broken)])
    #expect(job.state == .completedWithErrors)
    #expect(job.stages[0].counts.completed == 9 && job.stages[0].counts.failed == 1)
    let failed = try house.engine.views.tasks(job: job.id, stage: "a", .init(state: .failed)).elements
    #expect(failed.map(\.n) == [3] && failed[0].attempts == 2 && failed[0].outcome == "crashed")
    #expect(failed[0].message == #"plugin "org.weir.broken", handler "broken.picky", task \#(job.id)/a/3: the runner crashed: SIGSEGV"#)
  }

  @Test(arguments: [("1e200000", "1e200000"), ("1" + String(repeating: "0", count: 200_000), "1" + String(repeating: "0", count: 39))])
  func `a number that no total can hold is one failed attempt, and the message names it`(number: String, shown: String) async throws {
    let job = try await house.run(
      #"[{"id": "a", "handler": "noop.echo", "params": {"most": \#(number)}, "totals": {"most": "max"}}]"#,
      on: [try house.plugin("Noop", House.noop)])
    #expect(job.state == .failed)
    let task = try #require(try house.engine.views.tasks(job: job.id, stage: "a", .init()).elements.first)
    #expect(task.attempts == 1 && task.outcome == "failed", "\(task)")
    #expect(
      task.message
        == #"plugin "org.weir.noop", handler "noop.echo", task \#(job.id)/a/0: its result's "most" is a number that no total can hold: \#(shown)"#
    )
  }

  @Test func `50,000 items of one task are all there, in their order`() async throws {
    let job = try await house.run(
      #"[{"id": "a", "handler": "noop.emit", "params": {"count": 50000, "size": 100}}]"#, on: [try house.plugin("Noop", House.noop)])
    #expect(job.state == .completed && job.stages[0].items == 50_000)
    let items = try house.engine.items.read(.item, of: job.stages[0].key, in: 0..<60_000)
    #expect(items.count == 50_000 && items.enumerated().allSatisfy { $1.member("n")?.int == $0 })
  }

  @Test func `rejects are kept with their reasons`() async throws {
    let job = try await house.run(
      #"[{"id": "a", "handler": "noop.reject", "tolerate": "3", "params": {"count": 3}}]"#, on: [try house.plugin("Noop", House.noop)])
    #expect(job.state == .completedWithErrors && job.stages[0].rejects == 3)
    #expect(try house.engine.views.failures(job: job.id).rejects[0]["message"] == "rejected as asked")
  }

  @Test(arguments: [
    (
      "result", "noop.echo", #"{"size": 5}"#,
      "its result does not match its result_schema: /size: expected a string, got 5 (a number). Did you mean \"5\", in quotes?"
    ),
    (
      "item", "noop.emit", #"{"count": 3}"#,
      "an item does not match its item_schema: /n: expected a string, got 0 (a number). Did you mean \"0\", in quotes?"
    ),
    (
      "item", "noop.emit", #"{"count": 30000}"#,
      "an item does not match its item_schema: /n: expected a string, got 0 (a number). Did you mean \"0\", in quotes?"
    ),
    (
      "params", "noop.echo", #"{"size": 5}"#,
      "its params do not match the handler's params_schema: /size: expected a string, got 5 (a number). Did you mean \"5\", in quotes?"
    ),
  ])
  func `what does not match its schema fails the attempt`(what: String, handler: String, params: String, reason: String) async throws {
    var plugin = try house.plugin("Noop", House.noop)
    let index = try #require(plugin.handlers.firstIndex { $0.name == handler })
    let schema = try Schema(["type": "object", "properties": ["size": ["type": "string"], "n": ["type": "string"]]])
    switch what {
    case "result": plugin.handlers[index].result = schema
    case "item": plugin.handlers[index].item = schema
    default: plugin.handlers[index].params = schema
    }
    let job = try await house.run(#"[{"id": "a", "handler": "\#(handler)", "params": \#(params)}]"#, on: [plugin])
    #expect(job.state == .failed && job.stages[0].items == 0)
    let messages = try house.messages(job.id, "a")
    #expect(messages == [#"plugin "org.weir.noop", handler "\#(handler)", task \#(job.id)/a/0: \#(reason)"#])
    while try house.engine.spool.clean() > 0 {}
    #expect(try house.number("SELECT count(*) FROM chunks") == 0)
  }

  @Test func `params that cannot be made fail the task`() async throws {
    let job = try await house.run(
      #"[{"id": "a", "handler": "noop.echo", "params": {"x": "${params.list.name}"}}]"#, params: #"{"list": 5}"#,
      on: [try house.plugin("Noop", House.noop)])
    let message = try #require(try house.messages(job.id, "a").first)
    #expect(message.contains(#"task \#(job.id)/a/0: its params cannot be made: ${params.list.name}: "#))
  }

  @Test func `a checkpoint is there for the next attempt`() async throws {
    let job = try await house.run(#"[{"id": "a", "handler": "caller.remember"}]"#, on: [try house.plugin("Caller", House.caller)])
    #expect(job.state == .completed && job.stages[0].result?.text == #"{"seen":17}"#)
    #expect(try house.engine.views.tasks(job: job.id, stage: "a", .init()).elements[0].attempts == 2)
  }

  @Test func `cancelling a job stops a handler that sleeps`() async throws {
    let house = house
    try await onOwnThread {
      let host = try house.host([try house.plugin("Noop", House.noop)])
      defer { host.stop() }
      let job = try house.submit(#"[{"id": "a", "handler": "noop.sleep", "params": {"ms": 3600000}}]"#)
      try until { try house.engine.views.job(job).stages[0].counts.running == 1 }
      try house.engine.control.cancel(job, by: .system)
      host.poke()
      #expect(try house.finished(job).state == .cancelled)
    }
  }

  @Test func `a host that stops gives its tasks back uncounted, and another finishes them`() async throws {
    let house = house
    try await onOwnThread {
      let plugins = [try house.plugin("Noop", House.noop)]
      let first = try house.host(plugins)
      let job = try house.submit(
        #"[{"id": "a", "handler": "noop.sleep", "for_each": {"array": "${params.list}"}, "params": {"ms": "${item}"}}]"#,
        params: #"{"list": [3000, 3000, 0, 0, 0]}"#)
      try until { try house.engine.views.job(job).stages[0].counts.running >= 2 }
      first.stop()
      let counts = try house.engine.views.job(job).stages[0].counts
      #expect(counts.running == 0 && counts.queued + counts.completed == 5)
      #expect(try house.number("SELECT coalesce(max(failures), 0) FROM ready") == 0)
      let second = try house.host(plugins)
      defer { second.stop() }
      #expect(try house.finished(job).state == .completed)
    }
  }

  @Test func `a host that stops while it claims does not wait for ever`() async throws {
    let house = house
    try await onOwnThread {
      let plugins = [try house.plugin("Noop", House.noop)]
      try house.host(plugins).stop()
      let job = try house.submit(
        #"[{"id": "a", "handler": "noop.run", "for_each": {"array": "${params.list}"}}]"#,
        params: #"{"list": [\#(Array(repeating: "0", count: 4000).joined(separator: ","))]}"#)
      for _ in 0..<6 {
        let host = try house.host(plugins)
        host.stop()
        #expect(try house.number("SELECT count(*) FROM leases") == 0)
      }
      let host = try house.host(plugins)
      defer { host.stop() }
      let view = try house.finished(job)
      #expect(view.state == .completed && view.stages[0].counts.completed == 4000)
      #expect(try house.number("SELECT count(*) FROM attempts WHERE outcome <> 'completed' AND outcome <> 'lost'") == 0)
    }
  }

  @Test func `sessions that are cut in the middle lose nothing`() async throws {
    let house = house
    try await onOwnThread {
      let host = try house.host([try house.plugin("Noop", House.noop)])
      defer { host.stop() }
      let job = try house.submit(Self.fan, params: #"{"count": 30000, "x": 1}"#)
      let name = try house.own.database.withConnection { try $0.query("SELECT current_database()").one().string(0) }
      for _ in 0..<5 {
        try TestCluster.shared().administration.withConnection { connection in
          _ = try connection.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = \(name) AND query LIKE '%leases%'")
        }
        poll(nil, 0, 50)
      }
      let view = try house.finished(job)
      #expect(view.state == .completed && view.stages.map(\.counts.completed) == [1, 3000, 1])
      #expect(view.stages[0].items == 30_000)
    }
  }

  @Test func `a claim whose answer was lost is found again`() async throws {
    let house = house
    try await onOwnThread {
      let host = try house.host([try house.plugin("Noop", House.noop)])
      defer { host.stop() }
      var job: Int64 = 0
      // the host may be quicker: then it does the task, and there is another
      until {
        guard let id = try? house.submit(#"[{"id": "a", "handler": "noop.run"}]"#) else { return false }
        job = id
        // claimed for the host, which is not told: as when the connection ends between the commit and its answer
        return ((try? house.engine.queue.claim(host: host.id, handlers: ["noop.run"], limit: 1)) ?? []).count == 1
      }
      let name = try house.own.database.withConnection { try $0.query("SELECT current_database()").one().string(0) }
      try until {
        try TestCluster.shared().administration.withConnection { connection in
          _ = try connection.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = \(name) AND query LIKE '%stage_counters%'")
        }
        host.poke()
        return (try? house.engine.views.job(job).state) == .completed
      }
      #expect(try house.finished(job).state == .completed)
    }
  }

  @Test func `a host that was given up stops its runners and says so`() async throws {
    let house = house
    try await onOwnThread {
      let isLost = Atomic(false)
      let host = try house.host([try house.plugin("Noop", House.noop)], onLost: { isLost.store(true, ordering: .relaxed) })
      let job = try house.submit(#"[{"id": "a", "handler": "noop.sleep", "params": {"ms": 3600000}}]"#)
      try until { try house.engine.views.job(job).stages[0].counts.running == 1 }
      try house.own.database.withConnection { _ = try $0.execute("UPDATE hosts SET ended_at = now(), ended_why = 'lost'") }
      until { isLost.load(ordering: .relaxed) }
      host.stop()
      let wasTold = isLost.load(ordering: .relaxed)
      #expect(wasTold)
      try house.engine.control.cancel(job, by: .system)
    }
  }
}
