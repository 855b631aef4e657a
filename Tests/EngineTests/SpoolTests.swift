import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Items and checkpoints` {
  let desk: Desk

  init() throws { desk = try Desk() }

  private func lines(_ range: Range<Int>) -> [UInt8] { range.flatMap { Array("{\"n\":\($0)}\n".utf8) } }

  @Test func `100,000 items in chunks are read back in any range`() throws {
    let job = try desk.job(Sample.one)
    let task = try desk.claim()[0]
    for first in stride(from: 0, to: 99_000, by: 1_500) {
      #expect(
        try desk.engine.spool.append(
          token: task.token, kind: .item, first: first, count: 1_500, ndjson: lines(first..<first + 1_500)))
    }
    let key = try desk.stage(job, "a").key
    #expect(try desk.engine.items.read(.item, of: key, in: 0..<10).isEmpty, "seen before the attempt has won")
    var completion = task.done()
    completion.items = Emission(spooled: 99_000, tailCount: 1_000, tail: lines(99_000..<100_000))
    try desk.complete([completion])
    #expect(try desk.stage(job, "a").items == 100_000)
    let reader = Engine(database: desk.own.database).items
    for range in [0..<3, 1_499..<1_501, 50_000..<53_001, 98_999..<99_001, 99_990..<100_100] {
      let wanted = range.clamped(to: 0..<100_000).map { "{\"n\":\($0)}" }
      #expect(try reader.read(.item, of: key, in: range).map(\.text) == wanted)
    }
    #expect(try reader.read(.item, of: key, in: 100_000..<100_001).isEmpty)
  }

  @Test func `items of many small tasks are read across them`() throws {
    let job = try desk.job(Sample.array(), params: Sample.list(3_000))
    try desk.complete(try desk.claim(3_000).map { $0.done(items: ["\($0.n)"]) })
    let key = try desk.stage(job, "a").key
    for first in stride(from: 0, to: 3_000, by: 750) {
      #expect(try desk.engine.items.read(.item, of: key, in: first..<first + 750).map(\.text) == (first..<first + 750).map(String.init))
    }
  }

  @Test func `a stale token cannot spool, save or load`() throws {
    _ = try desk.job(Sample.one)
    let task = try desk.claim()[0]
    try desk.complete([task.again(.lost, isCounted: false)])
    #expect(try !desk.engine.spool.append(token: task.token, kind: .item, first: 0, count: 1, ndjson: lines(0..<1)))
    #expect(try !desk.engine.checkpoints.save([1], token: task.token))
    #expect(try desk.engine.checkpoints.load(token: task.token) == nil)
    #expect(try desk.number("SELECT count(*) FROM chunks") == 0)
  }

  @Test func `cleaning removes what did not win, and nothing else`() throws {
    let job = try desk.job(Sample.array(), params: Sample.list(4))
    let tasks = try desk.claim()
    for task in tasks {
      for first in 0..<5 {
        _ = try desk.engine.spool.append(token: task.token, kind: .item, first: first, count: 1, ndjson: lines(first..<first + 1))
      }
    }
    var winner = tasks[0].done()
    winner.items.spooled = 5
    try desk.complete([winner, tasks[1].failed(), tasks[2].again()])
    var removed = 0
    while case let count = try desk.engine.spool.clean(limit: 3), count > 0 { removed += 1 }
    #expect(removed > 0)
    let left = try desk.number("SELECT count(*) FROM chunks WHERE kind = 0")
    #expect(left == 10, "those of the winner and of the attempt that is open")
    #expect(try desk.number("SELECT count(*) FROM chunks WHERE kind = 2") == 1, "the elements of the array")
    #expect(try desk.number("SELECT count(*) FROM discarded") == 0)
    #expect(try desk.items(.item, job, "a").count == 5)
  }

  @Test func `a chunk that is being stored while its attempt ends is not forgotten`() async throws {
    _ = try desk.job(Sample.one)
    let task = try desk.claim()[0]
    let meeting = Meeting(of: 2)
    async let storing: Void = onOwnThread { [desk] in
      try desk.own.database.transaction { tx in
        try tx.execute(
          """
          INSERT INTO chunks (token, kind, first, count, body)
          SELECT token, 0, 0, 1, '1' FROM leases WHERE token = \(task.token) FOR KEY SHARE
          """)
        meeting.wait()
        try until { try desk.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0 }
      }
    }
    async let ending: Void = onOwnThread { [desk] in
      meeting.wait()
      try desk.complete([task.failed()])
    }
    _ = try await (storing, ending)
    while try desk.engine.spool.clean() > 0 {}
    #expect(try desk.number("SELECT count(*) FROM chunks") == 0)
  }

  @Test func `a checkpoint outlives its attempt and goes with its stage`() throws {
    _ = try desk.job(Sample.one)
    let first = try desk.claim()[0]
    #expect(try desk.engine.checkpoints.load(token: first.token) == nil)
    #expect(try desk.engine.checkpoints.save([1, 0, 2], token: first.token))
    #expect(try desk.engine.checkpoints.save([3], token: first.token))
    try desk.complete([first.again()])
    let second = try desk.claim()[0]
    #expect(try desk.engine.checkpoints.load(token: second.token) == [3])
    try desk.complete([second.done()])
    #expect(try desk.number("SELECT count(*) FROM checkpoints") == 0)
  }
}
