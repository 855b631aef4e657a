import CuratedRules
import HandlerKit

/// A dataset of the registry, as its job was given it.
struct CuratedDataset: Decodable, Sendable {
  var dataset_id: String
  var name: String
  var description: String?
  var source_type: String
  var source_url: String?
  var source_config: SourceConfig
  var update_strategy: String
  var credential_key: String?
  var target_schema: String
  var target_table_name: String
  var license: String?
  var attribution: String?
  var keep_versions: Int

  /// The registry has checked it; what is not needed here may be in it, too.
  static let schema = Schema.object(
    required: [
      "dataset_id": .string(), "name": .string(), "source_type": .string(), "source_config": .object(open: true),
      "update_strategy": .string(), "target_schema": .string(), "target_table_name": .string(), "keep_versions": .integer(),
    ], open: true, "A dataset as the registry has it.")

  /// The database that `weir.sql/1` has for the schema.
  func database(_ task: Task) -> SQLDatabase { task.database(target_schema) }

  /// Where its downloads lie.
  var folder: String { dataset_id }
}
