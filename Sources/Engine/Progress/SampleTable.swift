import Database
import Synchronization

/// The table of samples. No migration makes it: the leader does when it is missing, so dropping it costs the samples and nothing else.
///
/// Once it was seen nobody asks for it again: who then finds it gone has its error, says so here, and reads once more.
final class SampleTable: Sendable {
  private let wasSeen = Atomic(false)

  private static let statements: [SQL] = [
    """
    CREATE TABLE IF NOT EXISTS app.job_metrics (
        job_id       bigint NOT NULL,            -- 0: a row of each sample that is about all jobs
        stage_id     bigint NOT NULL,
        sampled_at   timestamptz NOT NULL,
        grain        smallint NOT NULL,          -- 2: first of an hour, or of a stage that ended; 1: first of a minute; 0: any other
        tasks_total  integer NOT NULL,
        queued       integer NOT NULL,
        retrying     integer NOT NULL,
        running      integer NOT NULL,
        completed    integer NOT NULL,
        failed       integer NOT NULL,
        cancelled    integer NOT NULL,
        items        bigint NOT NULL,
        rejects      bigint NOT NULL,
        work         float8 NOT NULL,            -- tasks that ended, and of those that run the part they say is done; of job 0 tasks a second
        live         float8 NOT NULL,            -- what those that run say they have done, in their handler's unit
        domain       jsonb,                      -- by metric, what winning attempts reported
        PRIMARY KEY (job_id, sampled_at, stage_id)
    )
    """,
    "CREATE INDEX IF NOT EXISTS job_metrics_age ON app.job_metrics (sampled_at, grain)",
  ]

  static func make(in database: Database) throws {
    try database.transaction { tx in
      for statement in statements { try tx.execute(statement) }
    }
  }

  func stands(in tx: Transaction) throws -> Bool {
    if wasSeen.load(ordering: .relaxed) { return true }
    let stands = try tx.query("SELECT to_regclass('app.job_metrics') IS NOT NULL").one().bool(0)
    wasSeen.store(stands, ordering: .relaxed)
    return stands
  }

  /// It was dropped.
  func forget() { wasSeen.store(false, ordering: .relaxed) }

  /// Whether it was dropped since somebody looked.
  static func isMissing(_ error: DatabaseError) -> Bool { error.sqlstate == "42P01" }
}
