import Database

// Apart from the claim because a stage of a million tasks enters the queue chunk by chunk, each in a transaction of its own.
extension Queue {
  /// Tasks that one transaction puts into the queue.
  static let expansionChunk = 5_000
  /// A stage with this many queued tasks is not expanded further, so that the hot table stays small.
  static let queuedEnough = 10_000

  /// Puts the stage's next tasks into the queue; the cursor is `stage_counters.expanded`, so a crash resumes where it was.
  static func expand(_ stage: Int64, in tx: Transaction) throws {
    try tx.execute(
      """
      WITH cursor AS (
          SELECT c.expanded AS first, least(c.expanded + \(expansionChunk)::int, s.tasks_total) AS next
          FROM stage_counters c JOIN stages s ON s.id = c.stage_id
          WHERE c.stage_id = \(stage) AND s.state = 'running' FOR UPDATE OF c),
      added AS (
          INSERT INTO ready (stage_id, n, due_at)
          SELECT \(stage), n, now() FROM cursor, generate_series(cursor.first, cursor.next - 1) AS n)
      UPDATE stage_counters SET expanded = cursor.next, queued = queued + (cursor.next - cursor.first)
      FROM cursor WHERE stage_id = \(stage)
      """)
  }
}
