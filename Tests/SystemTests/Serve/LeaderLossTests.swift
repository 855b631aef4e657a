import Database
import Engine
import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  /// Each kill comes while the host starts a job: a trigger of the database holds that transaction until the host is dead.
  @Suite struct `A host that is killed while it fires` {
    private static let workflows = ["tick", "tock"].map {
      #"{"name": "\#($0)", "parameters": {"type": "object"}, "stages": [{"id": "a", "handler": "noop.run", "params": {}}]}"#
    }
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    /// What starts a job, by the actor that the audit names.
    enum Cause: String, CaseIterable {
      case schedule = "schedule nightly"
      case dataset = "schedule dataset.rivers"
      case end = "trigger after"
      case objects = "trigger arrivals"
      case version = "trigger fresh"
      case message = "trigger hook"
    }

    /// Holds whoever submits a job for this rule.
    private func shut(_ own: TestDatabase, _ cause: Cause) async throws {
      try await onOwnThread {
        try own.database.withConnection { connection in
          try connection.executeScript(
            """
            CREATE TABLE IF NOT EXISTS public.gate (actor text);
            CREATE OR REPLACE FUNCTION public.pass_gate() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              WHILE EXISTS (SELECT FROM public.gate WHERE actor = NEW.actor) LOOP PERFORM pg_sleep(0.005); END LOOP;
              RETURN NEW;
            END $$;
            CREATE OR REPLACE TRIGGER pass_gate BEFORE INSERT ON app.audit FOR EACH ROW EXECUTE FUNCTION public.pass_gate();
            """)
          _ = try connection.execute("INSERT INTO public.gate VALUES (\(cause.rawValue))")
        }
      }
    }

    private func change(_ own: TestDatabase, _ statement: SQL) async throws {
      try await onOwnThread { _ = try own.database.withConnection { try $0.execute(statement) } }
    }

    private static let waiting: SQL =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
    private static let passed: SQL =
      "UPDATE app.schedules SET decided_through = now() - interval '30 hours', next_at = now() - interval '1 hour'"

    private func put(_ host: ServedHost, _ path: String, _ body: String) async throws {
      let answer = try await host.send("PUT", path, body)
      #expect(answer.status == 200, "\(answer.text)")
    }

    private func register(_ host: ServedHost, isEnabled: Bool) async throws {
      let answer = try await host.post(
        "/api/curated/datasets",
        """
        {"dataset_id": "rivers", "name": "Rivers", "source_type": "api_bulk_download", "source_url": "https://example.org/rivers.zip",
         "job_type": "tick", "update_strategy": "full_replace", "target_table_name": "curated_rivers", "enabled": \(isEnabled)}
        """)
      #expect(answer.status == 201, "\(answer.text)")
    }

    /// Makes happen what starts a job; the gate is shut.
    private func bringAbout(_ cause: Cause, _ place: Place, _ host: ServedHost) async throws {
      switch cause {
      case .schedule:
        try await put(host, "/api/schedules/nightly", #"{"workflow": "tick", "cron": "0 2 * * *"}"#)
        try await change(place.own, Self.passed)
      case .dataset:
        try await register(host, isEnabled: true)
        try await change(place.own, Self.passed)
      case .end:
        try await put(host, "/api/triggers/after", #"{"workflow": "tick", "on": {"job": {"workflow": "tock"}}}"#)
        _ = try await host.end(of: try await host.submit("tock"))
      case .objects:
        try await put(
          host, "/api/triggers/arrivals", #"{"workflow": "tick", "on": {"objects": {"container": "bronze", "every": "1s"}}}"#)
        place.put("bronze", "a.tif")
      case .version:
        try await register(host, isEnabled: false)
        try await put(host, "/api/triggers/fresh", #"{"workflow": "tick", "on": {"dataset": {"id": "rivers"}}}"#)
        try await change(
          place.own,
          """
          INSERT INTO app.curated_update_log (dataset_id, update_type, source_version, version, status, started_by, completed_at)
          VALUES ('rivers', 'manual', 'r1', 1, 'completed', 'olga', now())
          """)
      case .message:
        try await put(host, "/api/triggers/hook", #"{"workflow": "tick", "on": {"webhook": {"credential": "partner"}}}"#)
        // its sender hears nothing
        Task { _ = try? await send(to: host) }
      }
    }

    /// The same message at every try.
    private func send(to host: ServedHost) async throws -> HTTPAnswer? {
      let now = Int64(time(nil))
      let signature = WebhookSignature(secret: Self.secret)?.sign(id: "msg_1", timestamp: now, body: [])
      let head = """
        POST /api/triggers/hook/fire HTTP/1.1\r
        Host: localhost\r
        Connection: close\r
        Content-Length: 0\r
        webhook-id: msg_1\r
        webhook-timestamp: \(now)\r
        webhook-signature: \(signature ?? "")\r
        \r

        """
      return try await host.exchange(Array(head.utf8))
    }

    @Test(arguments: Cause.allCases) func `loses nothing and doubles nothing`(cause: Cause) async throws {
      let place = try Place(plugins: [.noop], workflows: Self.workflows)
      let environment = ["WEIR_CREDENTIALS": #"{"partner": {"signing_key": {"env": "PARTNER_KEY"}}}"#, "PARTNER_KEY": Self.secret]
      var host = try await place.serve(environment)
      try await shut(place.own, cause)
      try await bringAbout(cause, place, host)
      #expect(try await place.number(Self.waiting, atLeast: 1) == 1)
      try await host.kill()
      try await change(place.own, "DELETE FROM public.gate")
      host = try await place.serve(environment)
      if cause == .message {
        // a sender that heard nothing tries again, and once more
        #expect(try await send(to: host)?.status == 201)
        #expect(try await send(to: host)?.status == 200)
      }
      #expect(try await place.number("SELECT count(*) FROM app.jobs WHERE workflow = 'tick' AND state = 'completed'", atLeast: 1) == 1)
      // and nothing more, when the leader has looked again
      try await change(place.own, "UPDATE app.triggers SET next_at = now(), looked_at = NULL")
      if cause == .objects {
        #expect(try await place.number("SELECT count(*) FROM app.triggers WHERE looked_at IS NOT NULL", atLeast: 1) == 1)
      }
      let events = try await Catalogue.number(
        """
        SELECT (SELECT count(*) FROM app.schedule_fires WHERE outcome = 'submitted')
             + (SELECT count(*) FROM app.trigger_events WHERE outcome = 'submitted')
        """, in: place.own)
      let jobs = try await Catalogue.number("SELECT count(*) FROM app.jobs WHERE workflow = 'tick'", in: place.own)
      #expect(events == 1 && jobs == 1)
      if cause == .dataset {
        let logged = "SELECT count(*) FROM app.curated_update_log WHERE update_type = 'scheduled' AND status = 'skipped'" as SQL
        #expect(try await place.number(logged, atLeast: 1) == 1, "its update is in the dataset's history, once")
      }
      _ = try await host.stop()
    }
  }
}

extension Place {
  /// Writes an object into a container.
  fileprivate func put(_ container: String, _ key: String) {
    mkdir("\(containers)/\(container)", 0o755)
    write("containers/\(container)/\(key)", key)
  }
}
