import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Retention` {
  let desk: Desk
  let term: Leader.Term

  init() throws {
    desk = try Desk()
    term = try #require(try desk.engine.leader.lead(desk.host))
  }

  private func retire(_ rules: [String: Duration]) throws -> Int { try desk.engine.retention.retire(RetentionRules(rules), term) }

  private func clean() throws -> Int {
    var steps = 0
    while try desk.engine.retention.clean() { steps += 1 }
    while try desk.engine.spool.clean() > 0 {}
    return steps
  }

  private func age(_ job: Int64, days: Int) throws {
    try desk.execute("UPDATE jobs SET finished_at = now() - \(days) * interval '1 day' WHERE id = \(job)")
  }

  private func rows() throws -> Int {
    try [
      "jobs", "stages", "stage_counters", "stage_totals", "attempts", "chunks", "item_ranges", "task_logs", "checkpoints", "discarded",
      "removals",
    ]
    .reduce(0) { sum, table in try sum + desk.number("SELECT count(*) FROM \(identifier: table)") }
  }

  /// A job that leaves something in every table: items, rejects, totals, logs, a failed attempt.
  private func job(tasks: Int = 5, name: String = "w") throws -> Int64 {
    try desk.put(Sample.array(#", "tolerate": "100%""#), name: name)
    let job = try desk.submit(Sample.list(tasks), workflow: name)
    let total = TotalDelta(kind: .total, name: "x", rule: .sum, value: "1")
    let first = try #require(try desk.claim(1).first)
    #expect(try desk.engine.spool.append(token: first.token, kind: .item, first: 0, count: 1, ndjson: Array("1\n".utf8)))
    #expect(try desk.engine.checkpoints.save([1], token: first.token))
    try desk.engine.journal.append([
      Journal.Line(stageID: first.stageID, n: first.n, attempt: 1, level: 1, message: "m", fields: nil)
    ])
    try desk.complete([first.again()])
    try desk.work { $0.done(items: ["1", "2"], rejects: 1, totals: [total]) }
    return job
  }

  @Test func `removes a job with all that it left, once its time is over`() throws {
    let before = try rows()
    let job = try job()
    try age(job, days: 3)
    #expect(try retire(["*": .seconds(4 * 86_400)]) == 0)
    #expect(try retire(["*": .seconds(2 * 86_400)]) == 1)
    #expect { try desk.job(job) } throws: { ($0 as? EngineError)?.message == "there is no job \(job)" }
    #expect(try clean() > 0)
    #expect(try rows() == before)
  }

  @Test func `asks the operator's word for the workflow first, then the workflow's, then the operator's for all`() throws {
    let jobs = try ["u", "v", "w"].map { try job(name: $0) }
    for job in jobs { try age(job, days: 10) }
    let text = #"{"name": "v", "parameters": {"type": "object"}, "retention": "20d", "stages": \#(Sample.array())}"#
    try desk.engine.catalog.put(WorkflowDefinition.load(bytes: Array(text.utf8), file: "v.json").get(), text: text)
    #expect(try retire([:]) == 0)
    #expect(try retire(["u": .seconds(86_400 * 30), "*": .seconds(86_400)]) == 1)
    #expect(throws: EngineError.self) { try desk.job(jobs[2]) }
    #expect(try retire(["v": .seconds(86_400)]) == 1)
    #expect(try desk.job(jobs[0]).state == .completedWithErrors)
  }

  @Test func `never touches a job that has not ended`() throws {
    let job = try desk.job(Sample.one)
    try desk.execute("UPDATE jobs SET created_at = now() - interval '1 year', started_at = now() - interval '1 year'")
    #expect(try retire(["*": .zero]) == 0)
    #expect(try desk.job(job).state == .running)
  }

  @Test func `keeps a job whose items another reads, and items that another has`() throws {
    let origin = try job()
    let reader = try job()
    let (from, to) = (try desk.stage(origin, "a").key, try desk.stage(reader, "a").key)
    for job in [origin, reader] { try age(job, days: 9) }
    try desk.execute("UPDATE stages SET items_from = \(from) WHERE id = \(to)")
    try age(reader, days: 0)
    #expect(try retire(["*": .seconds(86_400)]) == 0)
    try desk.execute("UPDATE stages SET items_from = id WHERE id = \(to)")
    // items that two stages share go with the last of them
    try desk.execute(
      "INSERT INTO item_ranges SELECT \(to), kind, first + 1000, count, token, n FROM item_ranges WHERE stage_id = \(from) AND kind = 0")
    #expect(try retire(["*": .seconds(86_400)]) == 1)
    _ = try clean()
    let shared = try desk.number(
      "SELECT count(*) FROM item_ranges r WHERE stage_id = \(to) AND NOT EXISTS (SELECT FROM chunks c WHERE c.token = r.token)")
    #expect(shared == 0, "\(shared) ranges lost their items")
  }

  @Test func `goes in small steps that another host takes up where one stopped`() throws {
    let before = try rows()
    let job = try job(tasks: 7_000)
    try age(job, days: 2)
    #expect(try retire(["*": .seconds(86_400)]) == 1)
    let attempts = try desk.number("SELECT count(*) FROM attempts")
    #expect(try desk.engine.retention.clean())
    let left = try desk.number("SELECT count(*) FROM attempts")
    #expect(left < attempts && attempts - left <= 2_000)
    let other = Engine(database: Database(desk.own.database.configuration))
    while try other.retention.clean() {}
    while try other.spool.clean() > 0 {}
    #expect(try rows() == before)
  }

  @Test func `a host whose term is over removes nothing`() throws {
    let job = try job()
    try age(job, days: 2)
    try desk.execute("UPDATE leaders SET term = term + 1")
    #expect(try retire(["*": .seconds(86_400)]) == 0)
    #expect(try desk.job(job).state == .completedWithErrors)
  }

  @Test func `hosts that clean at the same time remove all of it once`() async throws {
    let before = try rows()
    for _ in 0..<4 { try age(try job(tasks: 500), days: 2) }
    #expect(try retire(["*": .seconds(86_400)]) == 4)
    let desk = desk
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          try await onOwnThread {
            let engine = Engine(database: desk.own.database)
            while try engine.retention.clean() || engine.spool.clean() > 0 {}
          }
        }
      }
      try await group.waitForAll()
    }
    _ = try clean()
    #expect(try rows() == before)
  }
}
