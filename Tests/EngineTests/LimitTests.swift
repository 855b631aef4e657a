import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Limits` {
  let desk: Desk

  init() throws { desk = try Desk() }

  private func limit(_ name: String, _ concurrency: Int? = nil, rate: String? = nil, burst: Int? = nil) throws {
    try desk.engine.limits.set(
      name, LimitSettings(concurrency: concurrency, rate: rate.flatMap { RateLimit($0) }, burst: burst), by: .system)
  }

  private func weigh(_ resources: [String: [String: Int]]) throws {
    try desk.engine.limits.configure([:], resources: resources, by: .system)
  }

  private func view(_ name: String) throws -> LimitView { try #require(try desk.engine.limits.list().first { $0.name == name }) }

  /// Another host, with an engine and connections of its own.
  private func other() throws -> (engine: Engine, host: Int64) {
    let engine = Engine(database: Database(desk.own.database.configuration))
    let host = try engine.hosts.register(
      HostIdentity(name: "other", machine: "m2", pid: 2, process: "2"), version: "1", slots: 2,
      offers: Desk.handlers.map { Offer(handler: $0, libraryHash: "h") })
    return (engine, host)
  }

  /// Forgets that a limit was found to be reached, as time does.
  private func claim(_ count: Int = 1_000) throws -> [ClaimedTask] {
    try Engine(database: desk.own.database).queue.claim(host: desk.host, handlers: Desk.handlers, limit: Claimable(count))
  }

  @Test func `of a handler hold over all its stages and jobs, and free what ends, however it ends`() throws {
    try limit("test.a", 3)
    try desk.put(Sample.array())
    let jobs = try (0..<2).map { _ in try desk.submit(Sample.list(10)) }
    let first = try claim()
    #expect(first.count == 3 && Set(first.map(\.stageID)).count == 2)
    #expect(try claim().isEmpty)
    #expect(try view("test.a").inUse == 3)
    try desk.complete([first[0].done(), first[1].again(.crashed)])
    #expect(try view("test.a").inUse == 1)
    #expect(try claim().count == 2)
    try desk.execute("UPDATE hosts SET lease_until = now() - interval '1 second'")
    let here = HostIdentity(name: "elsewhere", machine: "another", pid: 7, process: "7")
    #expect(try desk.engine.rescuer.rescue(seenFrom: here) == 3)
    #expect(try view("test.a").inUse == 0)
    for job in jobs { #expect(try desk.countersHold(try desk.stage(job, "a").key)) }
  }

  @Test func `of a resource count weights, over handlers that share it`() throws {
    try weigh(["test.a": ["scratch": 3], "test.b": ["scratch": 2]])
    try limit("scratch", 7)
    _ = try desk.job(Sample.array(), params: Sample.list(10))
    #expect(try claim().count == 2)
    _ = try desk.job(#"[{"id": "b", "handler": "test.b"}]"#)
    #expect(try claim().isEmpty)
    #expect(try view("scratch").inUse == 6)
    #expect(try view("scratch").handlers.map(\.name) == ["test.a", "test.b"] && view("scratch").handlers.map(\.weight) == [3, 2])
  }

  @Test func `let a task that is heavier than the whole run alone, and 0 lets nothing begin`() throws {
    try weigh(["test.a": ["scratch": 5]])
    try limit("scratch", 2)
    _ = try desk.job(Sample.array(), params: Sample.list(3))
    let first = try claim()
    #expect(first.count == 1)
    #expect(try claim().isEmpty)
    try desk.complete([first[0].done()])
    try limit("scratch", 0)
    #expect(try claim().isEmpty)
    try limit("scratch", 15)
    #expect(try claim().count == 2)
  }

  @Test func `leave other handlers alone, and what is not limited holds nothing`() throws {
    try limit("test.a", 1)
    try desk.put(Sample.array())
    _ = try desk.submit(Sample.list(5))
    try desk.put(#"[{"id": "a", "handler": "test.b", "for_each": {"array": "${params.list}"}, "params": {"x": "${item}"}}]"#, name: "v")
    _ = try desk.submit(Sample.list(5), workflow: "v")
    #expect(try claim().count == 6)
    #expect(try desk.number("SELECT count(*) FROM leases WHERE holds IS NOT NULL") == 1)
    #expect(try desk.number("SELECT count(*) FROM leases WHERE holds IS NULL AND weights IS NULL") == 5)
  }

  @Test func `are kept by hosts that claim at the same time`() async throws {
    try limit("test.a", 5)
    _ = try desk.job(Sample.array(), params: Sample.list(400))
    let desk = desk
    let hosts = try (0..<4).map { _ in try other() }
    let most = try await withThrowingTaskGroup(of: Int.self) { group in
      for host in hosts {
        group.addTask {
          try await onOwnThread {
            var most = 0
            for _ in 0..<60 {
              // an engine that has not found the limit reached yet, so that every turn asks
              let tasks = try Engine(database: host.engine.database).queue.claim(host: host.host, handlers: ["test.a"], limit: 3)
              most = max(most, try desk.number("SELECT count(*) FROM leases"))
              _ = try host.engine.queue.complete(tasks.map { $0.done() }, host: host.host)
            }
            return most
          }
        }
      }
      return try await group.reduce(0) { max($0, $1) }
    }
    #expect(most > 0 && most <= 5, "\(most) tasks at a time")
    #expect(try view("test.a").inUse == 0)
  }

  @Test func `of a rate let begin what has gathered, by the database's clock`() throws {
    try limit("test.a", rate: "2/s", burst: 4)
    _ = try desk.job(Sample.array(), params: Sample.list(100))
    let first = try claim()
    #expect(first.count == 4)
    try desk.complete(first.map { $0.done() })
    try desk.execute("UPDATE limits SET counted_at = clock_timestamp(), tokens = 0")
    #expect(try claim().isEmpty)
    try desk.execute("UPDATE limits SET counted_at = clock_timestamp() - interval '1 second', tokens = 0.5")
    #expect(try claim().count == 2)
    try desk.execute("UPDATE limits SET counted_at = clock_timestamp() - interval '1 hour', tokens = 0")
    #expect(try claim().count == 4)
    #expect(try view("test.a").settings.rate?.description == "2/s")
  }

  @Test(arguments: [(1, 1, 0, 1), (1, 1, 1, 0), (3, 7, 0, 2), (3, 7, 5, 0), (5, 2, 0, 1), (5, 2, 1, 0), (1, 0, 0, 0), (2, 3, 9, 0)])
  func `have room for`(weight: Int, concurrency: Int, held: Int, places: Int) throws {
    try weigh(["test.a": ["r": weight]])
    try limit("r", concurrency)
    if held > 0 {
      try desk.execute(
        """
        INSERT INTO leases (token, stage_id, n, host_id, attempt, failures, kills, holds, weights)
        VALUES (-1, -1, 0, -1, 1, 0, 0, '{r}', ARRAY[\(held)::int])
        """)
    }
    _ = try desk.job(Sample.array(), params: Sample.list(20))
    #expect(try desk.engine.limits.reached(by: ["test.a"]) == (places == 0 ? ["test.a": "r"] : [:]))
    #expect(try claim().count == places)
  }

  @Test(arguments: [(1, 4, 3.5, 3), (2, 4, 4.0, 2), (9, 4, 4.0, 1), (9, 4, 3.0, 0), (1, 1, 0.99, 0)])
  func `of a rate have room for`(weight: Int, burst: Int, tokens: Double, starts: Int) throws {
    try weigh(["test.a": ["r": weight]])
    try limit("r", rate: "1/d", burst: burst)
    try desk.execute("UPDATE limits SET tokens = \(tokens), counted_at = clock_timestamp()")
    _ = try desk.job(Sample.array(), params: Sample.list(20))
    #expect(try desk.engine.limits.reached(by: ["test.a"]) == (starts == 0 ? ["test.a": "r"] : [:]))
    #expect(try claim().count == starts)
    if weight == 9, starts == 1 { #expect(try #require(try view("r").available) < -4.9, "a heavy task leaves a debt") }
  }

  @Test func `that are set count what runs already`() throws {
    _ = try desk.job(Sample.array(), params: Sample.list(10))
    let running = try claim(4)
    try weigh(["test.a": ["r": 2]])
    try limit("r", 9)
    try limit("test.a", 5)
    #expect(try view("r").inUse == 8 && view("test.a").inUse == 4)
    #expect(try claim().isEmpty)
    try desk.complete([running[0].done()])
    try limit("r", 10)
    #expect(try claim().count == 2)
    #expect(try view("r").inUse == 10 && view("test.a").inUse == 5)
  }

  @Test func `set by hand outlive configurations, until they are removed`() throws {
    let configured = ["r": LimitSettings(concurrency: 2), "s": LimitSettings(concurrency: 3)]
    try desk.engine.limits.configure(configured, resources: [:], by: .system)
    try desk.engine.limits.configure(configured, resources: [:], by: .system)
    try limit("r", 7)
    try desk.engine.limits.configure(
      ["r": LimitSettings(concurrency: 4), "s": LimitSettings(rate: RateLimit("600/m"))], resources: [:], by: .system)
    #expect(try view("r").settings == LimitSettings(concurrency: 7) && view("r").origin == "operator")
    #expect(try view("s").settings == LimitSettings(rate: RateLimit("600/m"), burst: 10) && view("s").origin == "configuration")
    try desk.engine.limits.remove("r", by: .system)
    try desk.engine.limits.configure(configured, resources: [:], by: .system)
    #expect(try view("r").settings == LimitSettings(concurrency: 2))
    let changes = try desk.engine.audit.entries().elements.reversed().map { "\($0.action) \($0.subject)" }
    #expect(
      changes.filter { $0.hasPrefix("limit") } == [
        "limit.set limit/r", "limit.set limit/s", "limit.set limit/r", "limit.set limit/s", "limit.remove limit/r", "limit.set limit/r",
        "limit.set limit/s",
      ])
  }

  @Test func `are refused and missed by name`() throws {
    #expect { try limit("Not a name", 1) } throws: {
      ($0 as? EngineError)?.message == #"limit "Not a name": it is the name of neither a resource nor a handler"#
    }
    try limit("r", 1)
    #expect { try desk.engine.limits.remove("s", by: .system) } throws: {
      let error = $0 as? EngineError
      return error?.message == #"there is no limit "s""# && error?.hint == "There are r."
    }
  }

  @Test func `that are reached hide no other stages, however many wait for them`() throws {
    try limit("test.a", 1)
    try desk.put(Sample.one)
    for _ in 0..<100 { _ = try desk.submit() }
    try desk.put(#"[{"id": "a", "handler": "test.b"}]"#, name: "v")
    let last = try desk.submit(workflow: "v")
    let key = try desk.stage(last, "a").key
    let tasks = try claim()
    #expect(tasks.count == 2 && tasks.contains { $0.stageID == key })
  }

  @Test func `hold in a chain too, where the next stage is claimed on completion`() throws {
    try limit("test.b", 0)
    let job = try desk.job(Sample.chain)
    let first = try desk.claim()
    let answer = try desk.engine.queue.complete([first[0].done()], host: desk.host, handlers: ["test.b"], claiming: 5)
    #expect(answer.claimed.isEmpty && answer.openedMore)
    try limit("test.b", 1)
    #expect(try claim().map(\.stageID) == [try desk.stage(job, "b").key])
  }

  @Test func `do not let a quick handler be taken ahead`() throws {
    try limit("test.a", 100)
    _ = try desk.job(Sample.array(), params: Sample.list(50))
    let tasks = try desk.engine.queue.claim(host: desk.host, handlers: ["test.a"], limit: Claimable(40, others: 2, quick: ["test.a"]))
    #expect(tasks.count == 2)
  }
}
