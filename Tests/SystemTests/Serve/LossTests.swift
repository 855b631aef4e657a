import Database
import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `A host that loses` {
    private static let naps = """
      {"name": "naps", "parameters": {"type": "object", "properties": {"count": {"type": "integer"}, "ms": {"type": "integer"}}}, "stages": [
        {"id": "list", "handler": "noop.emit", "params": {"count": "${params.count}"}},
        {"id": "nap", "handler": "noop.sleep", "needs": ["list"], "for_each": {"items_of": "list"}, "params": {"ms": "${params.ms}"}}]}
      """

    @Test func `its connections again and again does every task once`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.naps])
      let host = try await place.serve()
      let id = try await host.submit("naps", #"{"count": 400, "ms": 10}"#)
      for count in [10, 60, 120, 200, 300] {
        try await reach(count, of: id, host, place)
        _ = try await Catalogue.number(
          """
          SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
          """, in: place.own)
      }
      let job = try await host.end(of: id)
      #expect(job.state == "completed", "\(job.serialized())")
      #expect(job.stage("nap")["tasks"]?["completed"]?.intValue == 400)
      #expect(try await Catalogue.number("SELECT count(*) FROM app.attempts WHERE final", in: place.own) == 401)
      #expect(try await host.get("/api/health").status == 200)
    }

    @Test func `its lease while it is frozen leaves its tasks to others, and ends`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.naps])
      let lease = ["WEIR_LEASE": "3s"]
      let first = try await place.serve(lease)
      let id = try await first.submit("naps", #"{"count": 8, "ms": 500}"#)
      try await reach(1, of: id, first, place)
      first.program.signal(SIGSTOP)
      let second = try await place.serve(lease)
      let job = try await second.end(of: id)
      #expect(job.state == "completed", "\(job.serialized())")
      first.program.signal(SIGCONT)
      let output = try await first.program.end(within: .seconds(30))
      #expect(output.status == 75 && output.err.contains("lease"), "\(output)")
      #expect(try await Catalogue.number("SELECT count(*) FROM app.attempts WHERE final", in: place.own) == 9)
      let lost = try await Catalogue.number("SELECT count(*) FROM app.attempts WHERE outcome = 'lost'", in: place.own)
      #expect(lost > 0 && lost <= 2, "\(lost) attempts were lost")
    }

    @Test func `its word from the database kills its runners before its tasks can be another's, and ends`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.naps])
      let host = try await place.serve(["WEIR_LEASE": "3s"])
      let id = try await host.submit("naps", #"{"count": 1, "ms": 600000}"#)
      let runners = try await host.program.wait("the nap") {
        try place.own.database.withConnection {
          try $0.query("SELECT count(*) FROM app.leases l JOIN app.stages s ON s.id = l.stage_id WHERE s.name = 'nap'").one().int(0)
        } == 1 ? Processes.children(of: host.program.pid) : nil
      }
      // whoever asks the database for the lease gets no answer, as from a server behind a network that drops packets
      let output = try await onOwnThread {
        try place.own.database.transaction { tx in
          _ = try tx.query("SELECT id FROM app.hosts FOR NO KEY UPDATE")
          return try host.program.ended(within: .seconds(30))
        }
      }
      #expect(output.status == 75 && output.err.contains("Could not renew the host's lease for half its time"), "\(output)")
      #expect(!runners.isEmpty && runners.allSatisfy { !Processes.isAlive($0) })
      let second = try await place.serve(["WEIR_LEASE": "3s"])
      _ = try await second.program.wait("the other host's attempt") {
        try place.own.database.withConnection {
          try $0.query("SELECT count(*) FROM app.attempts WHERE outcome = 'lost'").one().int(0)
        } == 1 ? true : nil
      }
      #expect(try await second.post("/api/jobs/\(id)/cancel?stop=now").status == 202)
    }

    @Test func `its callers in the middle of an answer goes on`() async throws {
      let place = try Place(plugins: [.noop], workflows: [Self.naps])
      let host = try await place.serve()
      let id = try await host.submit("naps", #"{"count": 3000, "ms": 0}"#)
      _ = try await host.end(of: id)
      let port = host.port
      try await onOwnThread {
        for _ in 0..<100 {
          try HTTPExchange.hangUp(port: port, "GET /api/jobs/\(id)/stages/nap/tasks?limit=500 HTTP/1.1\r\nHost: x\r\n\r\n")
        }
      }
      #expect(try await host.get("/api/health").status == 200)
      #expect(try await host.stop().status == 0)
    }

    /// Waits until so many tasks of the stage have ended.
    private func reach(_ count: Int, of job: String, _ host: ServedHost, _ place: Place) async throws {
      _ = try await host.program.wait("task \(count)", within: .seconds(60), every: .milliseconds(5)) {
        try place.own.database.retryingTransaction { tx in
          try tx.query(
            """
            SELECT c.completed FROM app.stages s JOIN app.stage_counters c ON c.stage_id = s.id
            WHERE s.job_id = \(Int(job) ?? 0) AND s.name = 'nap' AND c.completed >= \(count)
            """
          ).first?.int(0)
        }
      }
    }
  }
}
