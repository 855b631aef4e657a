import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Queue.claim` {
  let desk: Desk

  init() throws { desk = try Desk() }

  @Test func `takes what is more urgent first`() throws {
    try desk.put(Sample.one)
    let jobs = try [0, 5, -1].map { try desk.submit(priority: $0) }
    let order = try (0..<3).flatMap { _ in try desk.claim(1) }.map(\.stageID)
    let expected = try [jobs[1], jobs[0], jobs[2]].map { try desk.stage($0, "a").key }
    #expect(order == expected)
  }

  @Test func `takes tasks of a stage by number, and a retry when it is due`() throws {
    let job = try desk.job(Sample.array(), params: Sample.list(4))
    let first = try desk.claim(2)
    try desk.complete([first[0].again(after: .seconds(3600)), first[1].again(.returned, isCounted: false)])
    #expect(try desk.claim().map(\.n) == [2, 3, 1].sorted())
    #expect(try desk.claim().isEmpty)
    try desk.execute("UPDATE ready SET due_at = now()")
    let again = try desk.claim()
    #expect(again.map(\.n) == [0])
    #expect(again[0].attempt == 2 && again[0].failures == 1 && again[0].kills == 0)
    #expect(try desk.countersHold(try desk.stage(job, "a").key))
  }

  @Test func `shares a batch among stages of one priority`() throws {
    try desk.put(Sample.array())
    let jobs = try [300, 2, 300].map { try desk.submit(Sample.list($0)) }
    let counts = Dictionary(grouping: try desk.claim(90), by: \.stageID).mapValues(\.count)
    let keys = try jobs.map { try desk.stage($0, "a").key }
    #expect(keys.map { counts[$0] } == [30, 2, 58])
  }

  @Test func `a small job gets the one free slot although a large one is older`() throws {
    try desk.put(Sample.array())
    _ = try desk.submit(Sample.list(300))
    let running = try desk.claim(2)
    let small = try desk.submit(Sample.list(1))
    try desk.complete([running[0].done()])
    #expect(try desk.claim(1).first?.stageID == (try desk.stage(small, "a").key))
  }

  @Test func `a hundred stages that wait for a retry do not hide one that is ready`() throws {
    try desk.put(Sample.one)
    for _ in 0..<100 { _ = try desk.submit() }
    while case let tasks = try desk.claim(), !tasks.isEmpty { try desk.complete(tasks.map { $0.again(after: .seconds(3600)) }) }
    let last = try desk.submit()
    #expect(try desk.claim().map(\.stageID) == [try desk.stage(last, "a").key])
  }

  @Test func `keeps to max_parallel over all claims`() throws {
    _ = try desk.job(Sample.array(#", "max_parallel": 3"#), params: Sample.list(10))
    let first = try desk.claim(2)
    let second = try desk.claim(10)
    #expect(first.count == 2 && second.count == 1)
    #expect(try desk.claim(10).isEmpty)
    try desk.complete([first[0].done()])
    #expect(try desk.claim(10).map(\.n) == [3])
  }

  @Test func `takes only what the host offers`() throws {
    _ = try desk.job(Sample.one)
    #expect(try desk.claim(of: ["test.b"]).isEmpty)
    #expect(try desk.claim(of: []).isEmpty)
    #expect(try desk.claim(0).isEmpty)
  }

  @Test func `no two claimers get the same task`() async throws {
    let job = try desk.job(Sample.array(), params: Sample.list(4000))
    let taken = try await withThrowingTaskGroup(of: [Int].self) { group in
      for _ in 0..<8 {
        group.addTask { [desk] in
          try await onOwnThread {
            var mine: [Int] = []
            while case let tasks = try desk.claim(37), !tasks.isEmpty {
              mine += tasks.map(\.n)
              try desk.complete(tasks.map { $0.done() })
            }
            return mine
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(taken.sorted() == Array(0..<4000))
    #expect(try desk.job(job).state == .completed)
  }

  @Test func `a stage of 23,000 tasks enters the queue in chunks, and a new host goes on with it`() throws {
    let job = try desk.job(Sample.array(), params: Sample.list(23_000))
    let key = try desk.stage(job, "a").key
    #expect(try desk.number("SELECT expanded FROM stage_counters") == 5_000)
    try desk.complete(try desk.claim(4_000).map { $0.done() })
    let between = try desk.number("SELECT expanded FROM stage_counters")
    #expect(between == 10_000)
    #expect(try desk.countersHold(key))
    let other = Engine(database: desk.own.database)
    while case let tasks = try other.queue.claim(host: desk.host, handlers: Desk.handlers, limit: 6_000), !tasks.isEmpty {
      #expect(try desk.number("SELECT count(*) FROM ready") <= 15_000)
      try desk.complete(tasks.map { $0.done() })
    }
    let stage = try desk.stage(job, "a")
    #expect(stage.state == .completed && stage.counts.completed == 23_000)
    #expect(try desk.number("SELECT count(DISTINCT n) FROM attempts") == 23_000)
    #expect(try desk.countersHold(key))
  }
}
