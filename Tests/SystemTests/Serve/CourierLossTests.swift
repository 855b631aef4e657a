import Database
import Engine
import Glibc
import Synchronization
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `A host that is killed between the messages of a webhook` {
    /// Whoever wants to keep that a message was taken waits for as long as this is shut.
    private struct Gate: Sendable {
      let own: TestDatabase

      func build() throws {
        try own.database.withConnection { connection in
          try connection.executeScript(
            """
            CREATE TABLE public.gate (id integer);
            CREATE FUNCTION public.pass_gate() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              WHILE EXISTS (SELECT FROM public.gate) LOOP PERFORM pg_sleep(0.005); END LOOP;
              RETURN NEW;
            END $$;
            CREATE TRIGGER pass_gate BEFORE UPDATE ON app.alert_deliveries FOR EACH ROW WHEN (NEW.state = 'delivered')
              EXECUTE FUNCTION public.pass_gate();
            """)
        }
      }

      func shut() throws { _ = try own.database.withConnection { try $0.execute("INSERT INTO public.gate VALUES (1)") } }

      /// Ends the sessions that wait, with what they wanted, and opens.
      func open() throws {
        try own.database.withConnection { connection in
          _ = try connection.query(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'")
          _ = try connection.execute("DELETE FROM public.gate")
        }
      }
    }

    @Test func `loses none: another host goes on, and what came twice has one id`() async throws {
      let place = try Place()
      let gate = Gate(own: place.own)
      try await onOwnThread { try gate.build() }
      let faults = Mutex<[String]>([])
      // the third message and the sixth are taken, but the host dies before it can keep that
      let server = ScriptedServer { request in
        do {
          if [2, 5].contains(request.number) { try gate.shut() }
        } catch {
          faults.withLock { $0.append("\(error)") }
        }
        return .http(204)
      }
      let environment = AlertPlace.environment(of: server).merging(["WEIR_LEASE": "3s"]) { $1 }
      var host = try await place.serve(environment)
      try await AlertPlace.quarantine(7, in: place)
      for taken in [3, 6] {
        #expect(
          try await place.number(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'", atLeast: 1) == 1)
        #expect(server.requests.count == taken)
        try await host.kill()
        try await onOwnThread { try gate.open() }
        // what a host had in hand is another's after a minute
        try await AlertPlace.change(place, "UPDATE app.alert_deliveries SET next_at = now() WHERE state = 'waiting'")
        host = try await place.serve(environment)
      }
      let delivered: SQL = "SELECT count(*) FROM app.alert_deliveries WHERE state = 'delivered'"
      #expect(try await place.number(delivered, atLeast: 7, within: 120) == 7)
      _ = try await host.stop()
      #expect(faults.withLock { $0 }.isEmpty)

      let requests = server.requests
      let ids = requests.compactMap { $0.header("webhook-id") }
      #expect(requests.count == 9 && Set(ids) == Set((1...7).map { "weir_alert_\($0)_raised" }), "\(ids)")
      let bodies = Dictionary(grouping: requests) { $0.header("webhook-id") ?? "" }.mapValues { Set($0.map(\.body)).count }
      #expect(bodies.values.allSatisfy { $0 == 1 }, "what came twice was not the same")
      for request in requests {
        let refusal = WebhookSignature(secret: AlertPlace.key)?.refusal(
          id: request.header("webhook-id"), timestamp: request.header("webhook-timestamp"),
          signatures: request.header("webhook-signature"), body: request.body,
          now: Int64(request.header("webhook-timestamp") ?? "") ?? 0)
        #expect(refusal == nil, "\(request.head)")
      }
      let subjects = try requests.map { try JSON(parsing: $0.body)["data"]?["subject"]?.stringValue ?? "" }
      #expect(Set(subjects) == Set((1...7).map { "build\($0)" }))
      server.stop()
    }
  }
}
