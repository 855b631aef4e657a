import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Queue.complete` {
  let desk: Desk

  init() throws { desk = try Desk() }

  @Test func `a stale token changes nothing and is answered`() throws {
    let job = try desk.job(Sample.array(), params: Sample.list(2))
    let tasks = try desk.claim()
    try desk.complete([tasks[0].again(.lost, isCounted: false)])
    let answer = try desk.complete([tasks[0].done(items: ["1"]), tasks[1].done()])
    #expect(answer.stale.map(\.task) == [tasks[0]])
    let stage = try desk.stage(job, "a")
    #expect(stage.counts.completed == 1 && stage.counts.queued == 1 && stage.items == 0)
    #expect(try desk.countersHold(stage.key))
  }

  @Test func `a token that stands twice in a batch counts once`() throws {
    let job = try desk.job(Sample.array(), params: Sample.list(2))
    let tasks = try desk.claim()
    let answer = try desk.complete([tasks[0].done(), tasks[0].failed(), tasks[1].again()])
    #expect(answer.stale.count == 1)
    #expect(try desk.countersHold(try desk.stage(job, "a").key))
    #expect(try desk.stage(job, "a").counts.completed == 1)
  }

  @Test(arguments: 0..<6) func `counters equal the rows whatever happens`(seed: Int) throws {
    let desk = try Desk(quarantineAfter: 0)
    var random = SplitMix(state: UInt64(seed))
    let job = try desk.job(Sample.array(#", "tolerate": "1000000""#), params: Sample.list(300))
    let key = try desk.stage(job, "a").key
    var old: [ClaimedTask] = []
    while try desk.stage(job, "a").state == .running {
      let tasks = try desk.claim(Int.random(in: 1...80, using: &random))
      let late = old.randomElement(using: &random)
      var completions = tasks.map { task -> Completion in
        switch Int.random(in: 0..<8, using: &random) {
        case 0: task.failed()
        case 1: task.again()
        case 2: task.again(.returned, isCounted: false)
        case 3: task.again(.crashed)
        case 4: task.done(items: ["1", "2"], rejects: 1)
        default: task.done()
        }
      }
      if let late { completions.insert(late.done(items: ["9"]), at: 0) }
      let stale = try desk.complete(completions).stale
      #expect(stale.count == (late == nil ? 0 : 1))
      #expect(try desk.countersHold(key))
      old += tasks
    }
    #expect(try desk.stage(job, "a").counts.total == 300)
    #expect(try desk.number("SELECT count(DISTINCT n) FROM attempts WHERE final") == 300)
  }

  @Test func `items are numbered without gaps, in the order in which tasks end, tails after chunks`() throws {
    let job = try desk.job(Sample.array(), params: Sample.list(3))
    let tasks = try desk.claim()
    #expect(try desk.engine.spool.append(token: tasks[2].token, kind: .item, first: 0, count: 2, ndjson: Array("20\n21\n".utf8)))
    #expect(try desk.engine.spool.append(token: tasks[2].token, kind: .item, first: 2, count: 1, ndjson: Array("22\n".utf8)))
    var last = tasks[2].done(items: ["23"])
    last.items.spooled = 3
    try desk.complete([last, tasks[0].done(items: ["0"], rejects: 2)])
    try desk.complete([tasks[1].done(items: ["10", "11"], rejects: 1)])
    #expect(try desk.items(.item, job, "a") == ["20", "21", "22", "23", "0", "10", "11"])
    #expect(try desk.items(.reject, job, "a").count == 3)
    let key = try desk.stage(job, "a").key
    for range in [0..<1, 2..<5, 3..<7, 6..<9] {
      let read = try Engine(database: desk.own.database).items.read(.item, of: key, in: range).map(\.text)
      #expect(read == Array(["20", "21", "22", "23", "0", "10", "11"][range.clamped(to: 0..<7)]))
    }
  }

  @Test func `totals are exact`() throws {
    let job = try desk.job(Sample.array(), params: Sample.list(3))
    let rules: [TotalDelta.Rule] = [.sum, .min, .max, .last]
    func totals(_ value: String) -> [TotalDelta] {
      rules.map { TotalDelta(kind: .total, name: $0.rawValue, rule: $0, value: value) }
        + [TotalDelta(kind: .metric, name: "count", rule: .count, value: "1")]
    }
    let tasks = try desk.claim()
    try desk.complete([tasks[0].done(totals: totals("0.1")), tasks[2].done(totals: totals("0.2"))])
    try desk.complete([tasks[1].done(totals: totals("-12345678901234567890"))])
    let stage = try desk.stage(job, "a")
    #expect(
      stage.totals == [
        "sum": "-12345678901234567889.7", "min": "-12345678901234567890", "max": "0.2", "last": "-12345678901234567890",
      ])
    #expect(stage.metrics == ["count": "3"])
  }

  @Test func `a tenth and two tenths are three tenths`() throws {
    let job = try desk.job(Sample.array(), params: Sample.list(2))
    let values = ["0.1", "0.2"]
    try desk.work { $0.done(totals: [TotalDelta(kind: .total, name: "x", rule: .sum, value: values[$0.n])]) }
    #expect(try desk.stage(job, "a").totals == ["x": "0.3"])
  }

  @Test func `the last task opens the next stage, which is claimed in the same answer`() throws {
    let job = try desk.job(Sample.chain)
    let first = try desk.claim()
    let answer = try desk.engine.queue.complete(
      [first[0].done(#"{"n": 1}"#)], host: desk.host, handlers: ["test.b"], claiming: 5)
    #expect(answer.claimed.map(\.stageID) == [try desk.stage(job, "b").key])
    #expect(!answer.openedMore)
    let next = try desk.engine.queue.complete([answer.claimed[0].done()], host: desk.host, handlers: ["test.b"], claiming: 5)
    #expect(next.claimed.isEmpty && next.openedMore)
    let last = try desk.claim()
    #expect(try desk.complete([last[0].done()]).endedJobs == [job])
    #expect(try desk.job(job).state == .completed)
  }

  @Test func `two crashes count as kills, a loss as nothing`() throws {
    _ = try desk.job(Sample.one)
    try desk.complete([try desk.claim()[0].again(.crashed)])
    try desk.complete([try desk.claim()[0].again(.lost, isCounted: false)])
    let third = try desk.claim()[0]
    #expect(third.attempt == 3 && third.failures == 1 && third.kills == 1)
    try desk.complete([third.again(.returned, isCounted: false)])
    #expect(try desk.claim()[0].attempt == 3)
  }
}

/// Numbers that look random and are the same for the same seed.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
