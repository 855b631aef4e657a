import Database
import Workflow

/// Removes jobs that ended long ago, with all that they left, in small transactions.
public final class Retention: Sendable {
  /// Rows of one table that one transaction removes at most.
  static let chunk = 2_000

  private let database: Database
  private let catalog: Catalog
  private let leader: Leader

  init(database: Database, catalog: Catalog, leader: Leader) {
    self.database = database
    self.catalog = catalog
    self.leader = leader
  }

  /// Removes jobs that are not to be kept any longer; what they left goes by `clean`. Answers how many, at most `limit`.
  ///
  /// A job stays while another one reads its items.
  public func retire(_ rules: RetentionRules, _ term: Leader.Term, limit: Int = 50) throws -> Int {
    let kept = try catalog.workflows().compactMap { workflow -> (name: String, seconds: Int)? in
      let manifest = WorkflowDefinition.load(bytes: Array(workflow.definition.utf8), file: workflow.name).value?.retention
      return rules.keeps(workflow.name, manifest: manifest).map { (name: workflow.name, seconds: Int($0.components.seconds)) }
    }
    guard !kept.isEmpty else { return 0 }
    let jobs = try database.withConnection { connection in
      try connection.query(
        """
        SELECT j.id FROM unnest(\(kept.map(\.name))::text[], \(kept.map(\.seconds))::bigint[]) AS rule (workflow, seconds)
        CROSS JOIN LATERAL (
            SELECT id FROM jobs WHERE workflow = rule.workflow AND finished_at IS NOT NULL
              AND finished_at < now() - rule.seconds * interval '1 second'
              AND NOT EXISTS (SELECT FROM stages mine JOIN stages reader ON reader.items_from = mine.id
                              WHERE mine.job_id = jobs.id AND reader.job_id <> jobs.id)
              AND NOT EXISTS (SELECT FROM stages mine JOIN stages reader ON reader.reuses = mine.id
                              WHERE mine.job_id = jobs.id AND reader.job_id <> jobs.id)
            ORDER BY finished_at LIMIT \(limit)) AS j
        LIMIT \(limit)
        """
      ).map { Int64(try $0.int(0)) }
    }
    return try jobs.reduce(0) { try $0 + (remove($1, term) ? 1 : 0) }
  }

  private func remove(_ job: Int64, _ term: Leader.Term) throws -> Bool {
    do {
      return try removeWhole(job, term)
    } catch let error as DatabaseError where error.sqlstate == "23503" {
      // another job has begun to read what this one left
      return false
    }
  }

  private func removeWhole(_ job: Int64, _ term: Leader.Term) throws -> Bool {
    try database.retryingTransaction { tx in
      guard try leader.confirm(term, in: tx) else { return false }
      try tx.execute(
        """
        INSERT INTO removals (stage_id, tasks) SELECT id, coalesce(tasks_total, 0) FROM stages WHERE job_id = \(job)
        ON CONFLICT DO NOTHING
        """)
      return try tx.execute("DELETE FROM jobs WHERE id = \(job) AND finished_at IS NOT NULL") > 0
    }
  }

  /// Removes a part of what removed jobs left: one short transaction. False when nothing is left to remove.
  ///
  /// Any number of hosts may do it at once, and any of them goes on where another stopped. Items themselves are removed by
  /// `ItemSpool.clean`.
  public func clean() throws -> Bool {
    try database.transaction { tx in
      let rows = try tx.query(
        "SELECT stage_id, tasks, next, kind, first FROM removals ORDER BY stage_id LIMIT 1 FOR UPDATE SKIP LOCKED")
      guard let row = rows.first else { return false }
      let (stage, tasks, next) = (Int64(try row.int(0)), try row.int(1), try row.int(2))
      if next < tasks {
        try cleanTasks(of: stage, from: next, to: min(next + Self.chunk, tasks), in: tx)
      } else {
        try cleanRanges(of: stage, after: (try row.int(3), try row.int(4)), in: tx)
      }
      return true
    }
  }

  /// By number of task, so that no transaction looks again at what those before removed.
  private func cleanTasks(of stage: Int64, from first: Int, to end: Int, in tx: Transaction) throws {
    for table in ["task_logs", "attempts", "checkpoints"] as [SQL] {
      let removed = try tx.execute(
        """
        DELETE FROM \(raw: table) WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM \(raw: table) WHERE stage_id = \(stage) AND n >= \(first) AND n < \(end) LIMIT \(Self.chunk)))
        """)
      // there may be more: the same tasks again
      if removed == Self.chunk { return }
    }
    try tx.execute("UPDATE removals SET next = \(end) WHERE stage_id = \(stage)")
  }

  private func cleanRanges(of stage: Int64, after last: (kind: Int, first: Int), in tx: Transaction) throws {
    let rows = try tx.query(
      """
      WITH gone AS (
          DELETE FROM item_ranges WHERE ctid = ANY(ARRAY(
              SELECT ctid FROM item_ranges WHERE stage_id = \(stage) AND (kind, first) > (\(last.kind)::smallint, \(last.first)::bigint)
              ORDER BY kind, first LIMIT \(Self.chunk)))
          RETURNING kind, first, token),
      unread AS (
          INSERT INTO discarded (token) SELECT DISTINCT token FROM gone
          WHERE NOT EXISTS (SELECT FROM item_ranges r WHERE r.token = gone.token AND r.stage_id <> \(stage))
          ON CONFLICT DO NOTHING)
      SELECT kind, first FROM gone ORDER BY kind DESC, first DESC
      """)
    guard rows.count == Self.chunk, let row = rows.first else {
      try tx.execute("DELETE FROM removals WHERE stage_id = \(stage)")
      return
    }
    try tx.execute(
      "UPDATE removals SET kind = \(try row.int(0)), first = \(try row.int(1)) WHERE stage_id = \(stage)")
  }
}
