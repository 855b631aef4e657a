import Database
import Workflow

/// How a dataset is kept current, as its row, its schedule and its log have it.
struct DatasetState {
  var facts: DatasetCadence.Facts
  /// `facts.since`, as RFC 3339.
  var since: String

  /// Of `curated_datasets` as `d`; rows have it as `state`.
  static let column: SQL = """
    (SELECT json_build_object('settings', s.settings, 'is_off', NOT d.enabled OR s.paused_at IS NOT NULL,
        'is_updating', EXISTS (SELECT FROM curated_update_log l WHERE l.dataset_id = d.dataset_id AND l.completed_at IS NULL),
        'has_version', d.current_version IS NOT NULL, 'since', \(raw: Views.time("t.at")), 'since_seconds', floor(extract(epoch FROM t.at))::bigint)
     FROM (VALUES (0)) AS one LEFT JOIN schedules s ON s.name = \(DatasetSchedule.prefix) || d.dataset_id
     CROSS JOIN LATERAL (SELECT greatest(d.last_checked_at, d.created_at, s.changed_at) AS at) AS t)
    """

  /// - Parameter column: what stands in it.
  init(_ column: String) throws {
    let said = try JSON(parsing: Array(column.utf8))
    // a zone that this machine has lost makes the schedule late, which is said already
    let table = try said["settings"]?.stringValue.map { try Schedules.settings($0) }.flatMap { try? $0.timetable() }
    facts = DatasetCadence.Facts(
      table: table, isOff: said["is_off"]?.boolValue ?? false, isUpdating: said["is_updating"]?.boolValue ?? false,
      hasVersion: said["has_version"]?.boolValue ?? false, since: Int64(said["since_seconds"]?.intValue ?? 0))
    since = said["since"]?.stringValue ?? ""
  }
}
