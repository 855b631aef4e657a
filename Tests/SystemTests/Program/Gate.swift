import Database
import TestSupport

/// Holds the transaction that brings a stage to a number of completed tasks, before it can commit, until the gate is opened.
struct Gate: Sendable {
  private let own: TestDatabase

  init(_ own: TestDatabase) throws {
    self.own = own
    try own.database.withConnection { connection in
      try connection.executeScript(
        """
        CREATE TABLE public.gate (stage text, completed int);
        CREATE FUNCTION public.pass_gate() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          WHILE EXISTS (SELECT FROM public.gate g JOIN app.stages s ON s.name = g.stage
                        WHERE s.id = NEW.stage_id AND NEW.completed >= g.completed) LOOP
            PERFORM pg_sleep(0.005);
          END LOOP;
          RETURN NEW;
        END $$;
        CREATE TRIGGER pass_gate BEFORE UPDATE OF completed ON app.stage_counters FOR EACH ROW EXECUTE FUNCTION public.pass_gate();
        """)
    }
  }

  func shut(_ stage: String, completed: Int) async throws {
    try await change("INSERT INTO public.gate VALUES (\(stage), \(completed))")
  }

  func open() async throws { try await change("DELETE FROM public.gate") }

  /// Whether somebody waits at the gate. Blocks.
  var isReached: Bool {
    get throws {
      try own.database.withConnection {
        try $0.query(
          "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
        ).one().int(0) > 0
      }
    }
  }

  func state(of stage: String) async throws -> String {
    try await onOwnThread { [own] in
      try own.database.withConnection {
        try $0.query("SELECT state FROM app.stages WHERE name = \(stage) ORDER BY id DESC LIMIT 1").one().string(0)
      }
    }
  }

  private func change(_ statement: SQL) async throws {
    try await onOwnThread { [own] in
      _ = try own.database.withConnection { try $0.execute(statement) }
    }
  }
}
