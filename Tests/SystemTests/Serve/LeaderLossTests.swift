import Database
import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  /// Each kill comes while the leader starts a job: a trigger of the database holds that transaction until the host is dead.
  @Suite struct `A leader that is killed while it fires` {
    private static let workflows = ["tick", "tock"].map {
      #"{"name": "\#($0)", "stages": [{"id": "a", "handler": "noop.run", "params": {}}]}"#
    }

    /// Holds whoever submits a job for this rule.
    private func shut(_ own: TestDatabase, _ actor: String) async throws {
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
          _ = try connection.execute("INSERT INTO public.gate VALUES (\(actor))")
        }
      }
    }

    private func change(_ own: TestDatabase, _ statement: SQL) async throws {
      try await onOwnThread { _ = try own.database.withConnection { try $0.execute(statement) } }
    }

    private static let waiting: SQL =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"

    @Test(arguments: ["schedule nightly", "trigger after", "trigger arrivals"])
    func `loses nothing and doubles nothing`(actor: String) async throws {
      let place = try Place(plugins: [.noop], workflows: Self.workflows)
      var host = try await place.serve()
      func put(_ path: String, _ body: String) async throws {
        let answer = try await host.send("PUT", path, body)
        #expect(answer.status == 200, "\(answer.text)")
      }
      try await shut(place.own, actor)
      switch actor {
      case "schedule nightly":
        try await put("/api/schedules/nightly", #"{"workflow": "tick", "cron": "0 2 * * *"}"#)
        try await change(
          place.own, "UPDATE app.schedules SET decided_through = now() - interval '30 hours', next_at = now() - interval '1 hour'")
      case "trigger after":
        try await put("/api/triggers/after", #"{"workflow": "tick", "on": {"job": {"workflow": "tock"}}}"#)
        _ = try await host.end(of: try await host.submit("tock"))
      default:
        try await put(
          "/api/triggers/arrivals", #"{"workflow": "tick", "on": {"objects": {"container": "bronze", "every": "1s"}}}"#)
        place.put("bronze", "a.tif")
      }
      #expect(try await place.number(Self.waiting, atLeast: 1) == 1)
      try await host.kill()
      try await change(place.own, "DELETE FROM public.gate")
      host = try await place.serve()
      #expect(try await place.number("SELECT count(*) FROM app.jobs WHERE workflow = 'tick' AND state = 'completed'", atLeast: 1) == 1)
      // and nothing more, when the leader has looked again
      try await change(place.own, "UPDATE app.triggers SET next_at = now(), looked_at = NULL")
      if actor == "trigger arrivals" {
        #expect(try await place.number("SELECT count(*) FROM app.triggers WHERE looked_at IS NOT NULL", atLeast: 1) == 1)
      }
      let events = try await Catalogue.number(
        """
        SELECT (SELECT count(*) FROM app.schedule_fires WHERE outcome = 'submitted')
             + (SELECT count(*) FROM app.trigger_events WHERE outcome = 'submitted')
        """, in: place.own)
      let jobs = try await Catalogue.number("SELECT count(*) FROM app.jobs WHERE workflow = 'tick'", in: place.own)
      #expect(events == 1 && jobs == 1)
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
