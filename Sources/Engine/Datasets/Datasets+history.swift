import Database
public import Workflow

extension Datasets {
  /// What became of the updates of a dataset, newest first; also of one that is not in the registry any more.
  /// - Parameter after: "next" of the page before.
  /// - Throws: `.noDataset` when there never was one.
  public func history(_ id: String, after: Int64? = nil, limit: Int = 20) throws -> Page<JSON> {
    try database.transaction(access: .readOnly) { tx in
      guard try tx.query("SELECT EXISTS (SELECT FROM curated_datasets WHERE dataset_id = \(id))").one().bool(0) else {
        throw EngineError(.noDataset(known: []), subject: id)
      }
      // one that is under way is as far as its job's stages are
      var entries = try tx.query(
        """
        SELECT l.log_id, jsonb_build_object('log_id', l.log_id::text, 'job_id', l.job_id::text, 'update_type', l.update_type,
            'force_update', l.force_update, 'dry_run', l.dry_run, 'source_version', l.source_version, 'version', l.version,
            'records_added', l.records_added, 'records_updated', l.records_updated, 'records_deleted', l.records_deleted,
            'records_total', l.records_total, 'error_message', l.error_message, 'started_by', l.started_by,
            'status', CASE WHEN l.completed_at IS NOT NULL THEN l.status ELSE coalesce((
                SELECT CASE s.name WHEN 'fetch_data' THEN 'downloading' WHEN 'check_source' THEN 'started' ELSE 'processing' END
                FROM stages s WHERE s.job_id = l.job_id AND s.state IN ('running', 'paused') ORDER BY s.position LIMIT 1), l.status) END,
            'started_at', \(raw: Views.time("l.started_at")), 'completed_at', \(raw: Views.time("l.completed_at")),
            'duration_seconds', l.duration_seconds)
        FROM curated_update_log l WHERE l.dataset_id = \(id) AND (\(after)::bigint IS NULL OR l.log_id < \(after))
        ORDER BY l.log_id DESC LIMIT \(limit + 1)
        """
      ).map { row in (id: Int64(try row.int(0)), entry: try JSON(parsing: try row.text(1))) }
      let hasMore = entries.count > limit
      if hasMore { entries.removeLast() }
      return Page(elements: entries.map(\.entry), next: hasMore ? entries.last.map { "\($0.id)" } : nil)
    }
  }
}
