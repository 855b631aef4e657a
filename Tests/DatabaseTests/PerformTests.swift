import Database
import TestSupport
import Testing

@Suite struct PerformTests {
  @Test func `an async caller gets the closure's value and its errors`() async throws {
    let test = try TestDatabase.make()
    let rows = try await test.database.perform { try $0.query("SELECT 7 AS n") }
    #expect(try rows.one().int("n") == 7)
    await #expect(throws: Unwanted.self) { try await test.database.perform { _ in throw Unwanted() } }
  }

  @Test func `cancelling the task ends the statement on the server`() async throws {
    let test = try TestDatabase.make()
    let task = Task { try await test.database.perform { _ = try $0.query("SELECT pg_sleep(600) AS long") } }
    let pid = try await onOwnThread {
      try Make.waitForSession(where: "state = 'active' AND query LIKE '%AS long%'", in: test.database)
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    let left = try await test.database.perform { connection in
      try connection.query("SELECT count(*) FROM pg_stat_activity WHERE pid = \(pid) AND query LIKE '%AS long%' AND state = 'active'")
        .one().int(0)
    }
    #expect(left == 0)
  }

  @Test func `a call that waits for a connection is cancelled without running`() async throws {
    let test = try TestDatabase.make { $0.poolSize = 1 }
    let (held, release) = (Meeting(of: 2), Meeting(of: 2))
    async let holder: Void = onOwnThread {
      try test.database.withConnection { _ in
        held.wait()
        release.wait()
      }
    }
    try await onOwnThread { held.wait() }
    let task = Task { try await test.database.perform { _ in Issue.record("a cancelled call ran") } }
    task.cancel()
    // It is answered at once, though the connection is still held.
    await #expect(throws: CancellationError.self) { try await task.value }
    try await onOwnThread { release.wait() }
    try await holder
  }

  @Test func `cancelling what has ended changes nothing for the next`() async throws {
    let test = try TestDatabase.make { $0.poolSize = 1 }
    for _ in 0..<50 {
      let task = Task { try await test.database.perform { try $0.query("SELECT 1").one().int(0) } }
      task.cancel()
      _ = await task.result
      #expect(try await test.database.perform { try $0.query("SELECT 2").one().int(0) } == 2)
    }
  }
}
