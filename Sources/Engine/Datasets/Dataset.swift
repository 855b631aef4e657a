import Database
public import Workflow

/// A dataset of the registry: what is said of it, and how it stands.
public struct Dataset: Sendable {
  public var definition: DatasetDefinition
  /// `manifest` or `operator`: who said it last.
  public var origin: String
  /// Grows with every change of the definition.
  public var revision: Int
  public var sourceVersion: String?
  public var currentVersion: Int?
  public var rowCount: Int?
  public var lastCheckedAt: String?
  public var lastUpdatedAt: String?
  public var lastJobID: Int64?
  /// The job that updates it now.
  public var runningJobID: Int64?
  public var createdAt: String
  public var updatedAt: String
  /// What says whether it is late.
  public var cadence: DatasetCadence.Facts

  static let columns: SQL = """
    d.dataset_id, jsonb_strip_nulls(jsonb_build_object('dataset_id', d.dataset_id, 'name', d.name, 'description', d.description,
        'source_type', d.source_type, 'source_url', d.source_url, 'job_type', d.job_type,
        'update_strategy', d.update_strategy, 'update_schedule', d.update_schedule, 'update_zone', d.update_zone, 'credential_key', d.credential_key,
        'target_schema', d.target_schema, 'target_table_name', d.target_table_name, 'license', d.license,
        'attribution', d.attribution, 'keep_versions', d.keep_versions, 'enabled', d.enabled, 'source_config', d.source_config)) AS said,
    d.origin, d.revision, d.source_version, d.current_version, d.row_count, \(raw: Views.time("d.last_checked_at")) AS last_checked_at,
    \(raw: Views.time("d.last_updated_at")) AS last_updated_at, d.last_job_id,
    (SELECT l.job_id FROM curated_update_log l WHERE l.dataset_id = d.dataset_id AND l.completed_at IS NULL) AS running_job_id,
    \(raw: Views.time("d.created_at")) AS created_at, \(raw: Views.time("d.updated_at")) AS updated_at,
    \(raw: DatasetState.column) AS state
    """

  init(_ row: Row) throws {
    definition = try DatasetDefinition.load(bytes: try row.text("said"), file: "dataset \(try row.string("dataset_id"))").get()
    origin = try row.string("origin")
    revision = try row.int("revision")
    sourceVersion = try row.stringOrNil("source_version")
    currentVersion = try row.intOrNil("current_version")
    rowCount = try row.intOrNil("row_count")
    lastCheckedAt = try row.stringOrNil("last_checked_at")
    lastUpdatedAt = try row.stringOrNil("last_updated_at")
    lastJobID = try row.intOrNil("last_job_id").map { Int64($0) }
    runningJobID = try row.intOrNil("running_job_id").map { Int64($0) }
    createdAt = try row.string("created_at")
    updatedAt = try row.string("updated_at")
    cadence = try DatasetState(row.string("state")).facts
  }

  /// What is said, every member of it, and then how it stands.
  public var json: JSON {
    let said = definition.json
    var object = JSONObject(
      DatasetDefinition.keys.filter { $0 != "$schema" }.map { key in (key, said[key] ?? .null) })
    for (key, value) in state { object.append(key, value) }
    return .object(object)
  }

  private var state: [(String, JSON)] {
    [
      ("origin", .string(origin)), ("revision", JSON(revision)), ("source_version", JSON(orNull: sourceVersion)),
      ("current_version", currentVersion.map { JSON($0) } ?? .null), ("row_count", rowCount.map { JSON($0) } ?? .null),
      ("last_checked_at", JSON(orNull: lastCheckedAt)), ("last_updated_at", JSON(orNull: lastUpdatedAt)),
      ("last_job_id", lastJobID.map { .string("\($0)") } ?? .null), ("running_job_id", runningJobID.map { .string("\($0)") } ?? .null),
      ("created_at", .string(createdAt)), ("updated_at", .string(updatedAt)),
    ]
  }
}
