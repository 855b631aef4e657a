import Database
public import Workflow

extension Datasets {
  /// Who asks for an update.
  public enum UpdateType: String, Sendable {
    case scheduled, manual, triggered
  }

  /// Submits the job that brings a dataset up to date. While one does, that is answered instead of a second.
  ///
  /// The job gets the dataset as it is said now, in its parameters: what changes later is for the next one.
  /// - Parameters:
  ///   - force: also when the source has nothing new.
  ///   - dryRun: everything but the swap.
  /// - Throws: `.noDataset`, and as `Jobs.submit`.
  public func update(
    _ id: String, _ type: UpdateType = .manual, force: Bool = false, dryRun: Bool = false, by actor: Actor
  ) throws -> Submitted {
    try tables?.ensure()
    return try database.retryingTransaction { tx in try update(id, type, force: force, dryRun: dryRun, by: actor, in: tx) }
  }

  /// The same in the caller's transaction, after `tables.ensure()`.
  func update(
    _ id: String, _ type: UpdateType, force: Bool = false, dryRun: Bool = false, by actor: Actor, in tx: Transaction
  ) throws -> Submitted {
    try settle(only: id, in: tx)
    let dataset = try find(id, locking: true, in: tx)
    if let job = dataset.runningJobID { return Submitted(jobID: job, isNew: false) }
    let params: JSON = [
      "dataset_id": .string(id), "dataset": dataset.definition.json, "update_type": .string(type.rawValue),
      "force_update": .bool(force), "dry_run": .bool(dryRun),
    ]
    let submitted = try jobs.submit(
      Submission(
        workflow: dataset.definition.jobType, params: Array(params.serialized().utf8), labels: ["curated", "dataset \(id)"]),
      by: actor, in: tx)
    try tx.execute(
      """
      INSERT INTO curated_update_log (dataset_id, job_id, update_type, force_update, dry_run, started_by)
      VALUES (\(id), \(submitted.jobID), \(type.rawValue), \(force), \(dryRun), \(actor.name))
      """)
    try tx.execute("UPDATE curated_datasets SET last_job_id = \(submitted.jobID) WHERE dataset_id = \(id)")
    try Audit.record(
      actor, "dataset.update", subject: "dataset/\(id)",
      details: ["job_id": .string("\(submitted.jobID)"), "force_update": .bool(force), "dry_run": .bool(dryRun)], in: tx)
    return submitted
  }

  /// Closes the log of updates whose jobs have ended, and takes into the registry what they brought. Answers how many.
  @discardableResult
  public func settle() throws -> Int {
    try database.retryingTransaction { tx in try settle(only: nil, in: tx) }
  }

  /// A whole number of a job's last result, or NULL: any workflow may update a dataset, and what it says must not keep the others.
  private static func whole(_ key: SQL, most: SQL = "9007199254740991") -> SQL {
    """
    CASE WHEN jsonb_typeof(e.final -> \(raw: key)) = 'number' THEN
        CASE WHEN (e.final -> \(raw: key))::numeric BETWEEN 0 AND \(raw: most) THEN (e.final -> \(raw: key))::numeric END END
    """
  }

  private static let version = whole("'version'", most: "2147483647")

  /// Waits where another does the same: who asks for an update next must see what that one found.
  ///
  /// What a job left: the result of its last stage, `{"version","source_version","added","updated","deleted","total","published"}`, and
  /// of its first, `{"needs_update","source_version"}`.
  @discardableResult
  private func settle(only id: String?, in tx: Transaction) throws -> Int {
    try tx.query(
      """
      WITH ended AS (
          SELECT l.log_id, l.dataset_id, l.job_id, l.dry_run, j.state, j.error, coalesce(j.finished_at, now()) AS finished_at,
              (SELECT s.result::jsonb FROM stages s WHERE s.job_id = l.job_id AND s.name = 'check_source' AND s.state = 'completed') AS checked,
              (SELECT s.result::jsonb FROM stages s WHERE s.job_id = l.job_id AND s.name = 'finalize' AND s.state = 'completed') AS final
          FROM curated_update_log l LEFT JOIN jobs j ON j.id = l.job_id
          WHERE l.completed_at IS NULL AND (\(id)::text IS NULL OR l.dataset_id = \(id)) AND (j.id IS NULL OR j.finished_at IS NOT NULL)
          ORDER BY l.log_id FOR UPDATE OF l),
      logged AS (
          UPDATE curated_update_log l SET
              status = CASE WHEN e.state IN ('completed', 'completed_with_errors') AND e.final IS NOT NULL THEN 'completed'
                            WHEN e.state IN ('completed', 'completed_with_errors') THEN 'skipped'
                            WHEN e.state = 'cancelled' THEN 'cancelled' ELSE 'failed' END,
              error_message = CASE WHEN e.state IN ('completed', 'completed_with_errors') THEN NULL
                                   WHEN e.state IS NULL THEN 'the job is gone' ELSE coalesce(e.error, e.state) END,
              source_version = coalesce(e.final ->> 'source_version', e.checked ->> 'source_version'),
              version = \(raw: Self.version), records_added = \(raw: Self.whole("'added'")),
              records_updated = \(raw: Self.whole("'updated'")), records_deleted = \(raw: Self.whole("'deleted'")),
              records_total = \(raw: Self.whole("'total'")), completed_at = greatest(e.finished_at, l.started_at)
          FROM ended e WHERE l.log_id = e.log_id)
      UPDATE curated_datasets d SET
          last_checked_at = CASE WHEN e.checked IS NOT NULL THEN e.finished_at ELSE d.last_checked_at END,
          last_updated_at = CASE WHEN published THEN e.finished_at ELSE d.last_updated_at END,
          source_version = CASE WHEN published THEN e.final ->> 'source_version' ELSE d.source_version END,
          current_version = CASE WHEN published THEN \(raw: Self.version) ELSE d.current_version END,
          row_count = CASE WHEN published THEN \(raw: Self.whole("'total'")) ELSE d.row_count END
      FROM ended e, LATERAL (SELECT coalesce(e.final -> 'published' = 'true', false) AS published) AS p
      WHERE d.dataset_id = e.dataset_id RETURNING d.dataset_id
      """
    ).count
  }

  /// The versions that stand, newest first: each `{"version","state","source_version","row_count",...}`.
  /// - Throws: `.noDataset`, `.noCuratedTables`.
  public func versions(_ id: String) throws -> [JSON] {
    let dataset = try dataset(id)
    return try curated(id).versions(of: dataset.definition.id)
  }

  /// Lets readers see an older version, or a newer one again.
  /// - Parameter version: nil: the one before the current.
  /// - Throws: `.noDataset`, `.noDatasetVersion`, `.datasetIsUpdating`, `.noCuratedTables`, `.curatedTableBusy`, `.curatedSwapRefused`.
  public func rollback(_ id: String, to version: Int?, by actor: Actor) throws -> JSON {
    _ = try dataset(id)
    let tables = try curated(id)
    // before the transaction, which may be tried again: the one before the current is another then
    let wanted = try tables.number(of: version, id)
    return try database.retryingTransaction { tx in
      try settle(only: id, in: tx)
      // while the row is locked no update begins, so that what the registry says is what readers see
      if let job = try find(id, locking: true, in: tx).runningJobID { throw EngineError(.datasetIsUpdating(job: job), subject: id) }
      let current = try tables.makeCurrent(id, wanted)
      let number = current["version"]?.intValue
      let (source, rows) = (current["source_version"]?.stringValue, current["row_count"]?.intValue)
      try tx.execute(
        """
        UPDATE curated_datasets SET current_version = \(number), source_version = \(source), row_count = \(rows), last_updated_at = now()
        WHERE dataset_id = \(id)
        """)
      try tx.execute(
        """
        INSERT INTO curated_update_log (dataset_id, update_type, source_version, version, records_total, status, started_by, completed_at)
        VALUES (\(id), 'rollback', \(source), \(number), \(rows), 'completed', \(actor.name), now())
        """)
      try Audit.record(
        actor, "dataset.rollback", subject: "dataset/\(id)", details: ["version": number.map { JSON($0) } ?? .null], in: tx)
      return current
    }
  }

  private func curated(_ id: String) throws -> CuratedTables {
    guard let tables else { throw EngineError(.noCuratedTables, subject: id) }
    return tables
  }
}
