import CuratedRules
import HandlerKit

/// The row of a version in `geo.curated_versions`.
struct VersionRecord {
  let dataset: CuratedDataset

  /// What a source said of itself.
  struct Source: Sendable {
    var version: String?
    var etag: String?
    var sha256: String?
  }

  func insert(_ loaded: LoadedVersion, _ source: Source, job: String, _ session: SQLSession) throws {
    try session.execute(
      """
      INSERT INTO geo.curated_versions (dataset_id, version, target_table, source_version, source_etag, sha256, row_count, records_added,
          records_updated, records_deleted, bbox, job_id, state)
      VALUES ($1, $2::int, $3, $4, $5, $6, $7::bigint, $8::bigint, $9::bigint, $10::bigint, $11::double precision[], $12, 'kept')
      """,
      [
        dataset.dataset_id, "\(loaded.version)", dataset.target_table_name, source.version, source.etag, source.sha256, "\(loaded.rows)",
        "\(loaded.delta.added)", "\(loaded.delta.updated)", "\(loaded.delta.deleted)",
        loaded.bounds.map { "{\($0.map { "\($0)" }.joined(separator: ","))}" }, job,
      ])
  }

  /// What an attempt of this job has left whose end was not heard of; nil: nothing.
  func find(job: String, _ task: Task) throws -> LoadedVersion? {
    let rows = try dataset.database(task).transaction(SQLOptions(isReadOnly: true)) { session in
      try session.execute(
        """
        SELECT version, row_count, records_added, records_updated, records_deleted, array_to_string(bbox, ','), state
        FROM geo.curated_versions WHERE dataset_id = $1 AND job_id = $2
          AND to_regclass(format('geo.%I', CASE state WHEN 'current' THEN target_table ELSE target_table || '_v' || version END)) IS NOT NULL
        ORDER BY version DESC LIMIT 1
        """, [dataset.dataset_id, job])
    }
    guard let row = rows.first else { return nil }
    let counts = row[0..<5].map { $0.flatMap { Int($0) } ?? 0 }
    var loaded = LoadedVersion(
      version: counts[0], rows: counts[1], delta: Delta(added: counts[2], updated: counts[3], deleted: counts[4]),
      bounds: row[5]?.split(separator: ",").compactMap { Double($0) })
    loaded.isCurrent = row[6] == "current"
    return loaded
  }

  private static let tries = 40
  private static let lockTimeout: Duration = .milliseconds(300)

  /// Lets readers see a version: waits so long for those who read, who hold up those behind them, and then lets these pass first.
  func makeCurrent(_ version: Int, _ task: Task) throws {
    for turn in 1...Self.tries {
      try task.cancellation.check()
      let outcome = Result {
        try dataset.database(task).transaction(SQLOptions(lockTimeout: Self.lockTimeout)) { session in
          try session.execute("SELECT geo.curated_publish($1, $2::int)", [dataset.dataset_id, "\(version)"])
        }
      }
      guard case .failure(let error) = outcome else { return }
      guard let error = error as? HandlerError, error.details?["sqlstate"]?.string == "55P03" else { throw error }
      task.log.debug("Readers hold the table; trying again", ["turn": JSONText(turn)])
    }
    throw HandlerError.retry("geo.\(dataset.target_table_name): readers hold the table so long that the version could not take its place.")
  }
}
