import CuratedRules
import HandlerKit

extension CurrentVersion {
  /// nil: there is none yet, or its table is gone.
  static func find(_ dataset: CuratedDataset, _ session: SQLSession) throws -> CurrentVersion? {
    let rows = try session.execute(
      """
      SELECT version, source_version, source_etag, sha256, row_count, array_to_string(bbox, ',') FROM geo.curated_versions
      WHERE dataset_id = $1 AND state = 'current' AND to_regclass(format('geo.%I', target_table)) IS NOT NULL
      """, [dataset.dataset_id])
    guard let row = rows.first, let version = row[0].flatMap({ Int($0) }) else { return nil }
    return CurrentVersion(
      version: version, sourceVersion: row[1], sourceETag: row[2], sha256: row[3], rowCount: row[4].flatMap { Int($0) } ?? 0,
      bounds: row[5]?.split(separator: ",").compactMap { Double($0) })
  }

  /// The same, in a transaction of its own.
  static func find(_ dataset: CuratedDataset, _ task: Task) throws -> CurrentVersion? {
    try dataset.database(task).transaction(SQLOptions(isReadOnly: true)) { try find(dataset, $0) }
  }
}
