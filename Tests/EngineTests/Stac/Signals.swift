import Database

/// Ends other sessions of a test's database, as an administrator or a crash would.
final class Signals: Sendable {
  private let database: Database

  init(_ url: String) throws { database = Database(DatabaseConfiguration(url: url, poolSize: 1)) }

  /// Waits until a session has an open transaction, at most 1 s, and ends it.
  func endOneSession() throws {
    try database.withConnection { connection in
      try connection.executeScript(
        """
        DO $$
        DECLARE ended boolean := false;
        BEGIN
          FOR attempt IN 1..100 LOOP
            PERFORM pg_stat_clear_snapshot();
            SELECT pg_terminate_backend(pid) INTO ended FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND xact_start IS NOT NULL LIMIT 1;
            EXIT WHEN ended;
            PERFORM pg_sleep(0.01);
          END LOOP;
        END $$
        """)
    }
  }
}
