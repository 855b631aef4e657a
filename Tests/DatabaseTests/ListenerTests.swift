import Database
import TestSupport
import Testing

@Suite struct ListenerTests {
  @Test func `what is notified arrives, with channel and payload`() async throws {
    let test = try TestDatabase.make()
    let listener = try #require(test.database.listen(["jobs", "Odd \"name\""]))
    var events = listener.makeAsyncIterator()
    #expect(await events.next() == .listening)
    try await test.database.perform { connection in
      try connection.executeScript("SELECT pg_notify('jobs', 'ü 1'); NOTIFY \"Odd \"\"name\"\"\"")
    }
    #expect(await events.next() == .notified(channel: "jobs", payload: "ü 1"))
    #expect(await events.next() == .notified(channel: "Odd \"name\"", payload: ""))
  }

  @Test func `a listener whose session was ended listens again and says so`() async throws {
    let test = try TestDatabase.make()
    let listener = try #require(test.database.listen(["jobs"]))
    var events = listener.makeAsyncIterator()
    #expect(await events.next() == .listening)
    try await test.database.perform { connection in
      let ended = try connection.query(
        "SELECT pg_terminate_backend(pid, 60000) AS ended FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
      )
      #expect(try ended.one().bool("ended"))
    }
    #expect(await events.next() == .listening)
    _ = try await test.database.perform { try $0.execute("SELECT pg_notify('jobs', 'again')") }
    #expect(await events.next() == .notified(channel: "jobs", payload: "again"))
  }

  @Test func `a listener lives as long as it is iterated`() async throws {
    let test = try TestDatabase.make()
    var heard: [ListenerEvent] = []
    for await event in try #require(test.database.listen(["jobs"])) {
      heard.append(event)
      if heard.count == 3 { break }
      _ = try await test.database.perform { try $0.execute("SELECT pg_notify('jobs', 'x')") }
    }
    #expect(heard == [.listening, .notified(channel: "jobs", payload: "x"), .notified(channel: "jobs", payload: "x")])
  }

  @Test func `a listener that stops ends its stream and its session`() async throws {
    let test = try TestDatabase.make()
    let listener = try #require(test.database.listen(["jobs"]))
    var events = listener.makeAsyncIterator()
    #expect(await events.next() == .listening)
    listener.stop()
    #expect(await events.next() == nil)
    let sessions = try await test.database.perform { connection in
      // The server notices the closed socket on its own time.
      while true {
        let count = try connection.query(
          "SELECT count(*) FROM pg_stat_activity, pg_sleep(0.01) WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        ).one().int(0)
        if count == 0 { return count }
        _ = try connection.query("SELECT pg_stat_clear_snapshot()")
      }
    }
    #expect(sessions == 0)
  }

  @Test func `a server that comes later is waited for`() async throws {
    let folder = TemporaryFolder()
    let cluster = Cluster(folder: folder.path + "/weir", configuration: ClusterConfiguration(isDurable: false))
    let url = try await onOwnThread { try cluster.start() }
    try await onOwnThread { cluster.stop() }
    let listener = try #require(Database(DatabaseConfiguration(url: url)).listen(["jobs"]))
    var events = listener.makeAsyncIterator()
    try await onOwnThread { _ = try cluster.start() }
    #expect(await events.next() == .listening)
    listener.stop()
    try await onOwnThread { try cluster.remove() }
  }
}
