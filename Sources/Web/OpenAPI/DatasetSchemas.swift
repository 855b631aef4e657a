import Engine
import Workflow

/// The schemas of the document that tell of curated datasets.
enum DatasetSchemas {
  private static let said: [(String, JSON)] = [
    ("dataset_id", Shape.string), ("name", Shape.string), ("description", Shape.nullable("string")),
    ("source_type", Shape.choice(DatasetDefinition.SourceType.allCases.map(\.rawValue))), ("source_url", Shape.nullable("string")),
    ("source_config", Shape.object), ("job_type", Shape.string),
    ("update_strategy", Shape.choice(DatasetDefinition.UpdateStrategy.allCases.map(\.rawValue))),
    ("update_schedule", Shape.nullable("string")), ("update_zone", Shape.nullable("string")), ("credential_key", Shape.nullable("string")),
    ("target_schema", Shape.string),
    ("target_table_name", Shape.string), ("license", Shape.nullable("string")), ("attribution", Shape.nullable("string")),
    ("keep_versions", Shape.count), ("enabled", Shape.boolean),
  ]

  private static let state: [(String, JSON)] = [
    ("origin", Shape.choice(["manifest", "operator"])), ("revision", Shape.count), ("source_version", Shape.nullable("string")),
    ("current_version", Shape.nullable("integer")), ("row_count", Shape.nullable("integer")), ("last_checked_at", Shape.timeOrNull),
    ("last_updated_at", Shape.timeOrNull), ("last_job_id", Shape.nullable("string")), ("running_job_id", Shape.nullable("string")),
    ("created_at", Shape.time), ("updated_at", Shape.time),
  ]

  /// What a client sends: the rules say more than a schema can.
  private static let definition: JSON = [
    "type": "object", "required": ["dataset_id", "name", "source_type", "update_strategy", "target_table_name"],
    "properties": .object(JSONObject(said.map { (key: $0.0, value: sent($0.1)) })), "additionalProperties": false,
  ]

  /// Null stands in answers only.
  private static func sent(_ schema: JSON) -> JSON { schema == Shape.nullable("string") ? Shape.string : schema }

  static let all: [(String, JSON)] = [
    ("DatasetDefinition", definition),
    (
      "Dataset",
      [
        "type": "object", "required": .array((said + state).map { .string($0.0) }),
        "properties": .object(JSONObject((said + state).map { (key: $0.0, value: $0.1) })),
      ]
    ),
    ("DatasetPage", Shape.page("datasets", Schemas.reference("Dataset"))),
    (
      "DatasetUpdate",
      Shape.object([
        "log_id": Shape.string, "job_id": Shape.nullable("string"),
        "update_type": Shape.choice(["scheduled", "manual", "triggered", "rollback"]), "force_update": Shape.boolean,
        "dry_run": Shape.boolean, "source_version": Shape.nullable("string"), "version": Shape.nullable("integer"),
        "records_added": Shape.nullable("integer"), "records_updated": Shape.nullable("integer"),
        "records_deleted": Shape.nullable("integer"), "records_total": Shape.nullable("integer"),
        "status": Shape.choice(["started", "downloading", "processing", "completed", "failed", "skipped", "cancelled"]),
        "error_message": Shape.nullable("string"), "started_by": Shape.string, "started_at": Shape.time,
        "completed_at": Shape.timeOrNull, "duration_seconds": Shape.nullable("number"),
      ])
    ),
    ("DatasetUpdatePage", Shape.page("updates", Schemas.reference("DatasetUpdate"))),
    (
      "DatasetVersion",
      Shape.object([
        "version": Shape.count, "state": Shape.choice(["kept", "current"]), "target_table": Shape.string,
        "source_version": Shape.nullable("string"), "row_count": Shape.count, "loaded_at": Shape.string,
      ])
    ),
    ("DatasetVersionList", Shape.object(["versions": Shape.list(Schemas.reference("DatasetVersion"))])),
  ]
}
