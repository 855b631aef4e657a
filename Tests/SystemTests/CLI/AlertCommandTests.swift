import Database
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `weir alerts` {
    @Test func `lists what needs attention, what is over, and what webhooks were told`() async throws {
      let place = try Place()
      let server = ScriptedServer { _ in .http(204) }
      let host = try await place.serve(AlertPlace.environment(of: server))
      func weir(_ arguments: String...) async throws -> Output { try await place.weir(["alerts"] + arguments + ["--url", host.url]) }
      #expect(try await weir().out.isEmpty)
      try await AlertPlace.quarantine(1, in: place)
      let delivered: SQL = "SELECT count(*) FROM app.alert_deliveries WHERE state = 'delivered'"
      #expect(try await place.number(delivered, atLeast: 1) == 1)
      let open = try await weir()
      let text = #"A build of plugin "old" (build1) ended the runners of 20 tasks and is in quarantine."#
      #expect(open.status == 0 && open.out.contains("Z still ") && open.out.contains("\(text)\n  Mend it and "), "\(open)")
      let lines = try await weir("--json").out.split(separator: "\n").map { try JSON(parsing: String($0)) }
      #expect(lines.count == 1 && lines[0]["kind"] == "build_quarantined" && lines[0]["cleared_at"] == .null, "\(lines)")
      let told = try await weir("--deliveries")
      #expect(told.out.contains("  ops               raised    delivered   1 try  build_quarantined build1\n"), "\(told)")
      let one = try JSON(parsing: try await weir("--deliveries", "--webhook", "ops", "--state", "delivered", "--json").out)
      #expect(one["status"] == 204 && one["tries"] == 1 && one["alert_id"] == lines[0]["id"])
      #expect(try await weir("--deliveries", "--webhook", "others").out.isEmpty)
      #expect(try await weir("--deliveries", "--state", "waiting").out.isEmpty)

      // as if it had been gone for a while
      try await AlertPlace.change(place, "DELETE FROM app.quarantines")
      try await AlertPlace.change(place, "UPDATE app.alerts SET seen_at = now() - interval '5 minutes'")
      #expect(try await place.number(delivered, atLeast: 2) == 2)
      #expect(try await weir().out.isEmpty)
      let all = try await weir("--all", "--limit", "1")
      #expect(all.out.contains("Z until ") && all.out.contains(text), "\(all)")
      server.stop()
    }

    @Test func `says what is wrong with what it is asked`() async throws {
      let place = try Place()
      let host = try await place.serve()
      let state = try await place.weir("alerts", "--deliveries", "--state", "lost", "--url", host.url)
      #expect(state.status == 1 && state.err.contains("expected one of waiting, delivered, given_up"), "\(state)")
      let limit = try await place.weir("alerts", "--limit", "many", "--url", host.url)
      #expect(limit.status == 64 && limit.err.contains("'many' is invalid for '--limit"), "\(limit)")
      let nobody = try await place.weir("alerts", "--url", "http://127.0.0.1:1")
      #expect(nobody.status == 1 && nobody.err.hasPrefix("http://127.0.0.1:1"), "\(nobody)")
    }
  }
}
