/// What an operator says of a curated dataset: where it comes from, where it goes, and how it is kept current.
public struct DatasetDefinition: Sendable, Hashable {
  public enum SourceType: String, Sendable, CaseIterable {
    /// One download holds it all.
    case bulkDownload = "api_bulk_download"
    /// Many answers, page by page.
    case paginated = "api_paginated"
    /// Somebody puts the file into the container by hand.
    case manual
  }

  public enum UpdateStrategy: String, Sendable, CaseIterable {
    /// A version is what the source has, and nothing else.
    case fullReplace = "full_replace"
    /// A version is the one before, with what the source has over it by key.
    case upsert
  }

  public var id: String
  public var name: String
  public var description: String?
  public var sourceType: SourceType
  /// May hold `{Mon}`, `{MM}` and `{YYYY}` of a monthly release; nil only for a manual source.
  public var sourceURL: String?
  public var source: DatasetSource
  /// The workflow that updates it.
  public var jobType: String
  public var updateStrategy: UpdateStrategy
  /// When its source is looked at, as five fields of cron; nil: at 02:00 every day, or never by itself if the source is manual.
  public var updateSchedule: String?
  /// The time zone of that, of the IANA database; nil: UTC.
  public var updateZone: String?
  /// The name of a credential of the configuration.
  public var credentialKey: String?
  public var targetSchema: String
  public var targetTable: String
  public var license: String?
  public var attribution: String?
  /// Versions that stay beside the current one.
  public var keepVersions: Int
  public var isEnabled: Bool

  public static let updateWorkflow = "curated_dataset_update"
  /// Where curated tables may lie.
  public static let schemas = ["geo"]

  /// As a manifest has it, members in the order of the schema; what is not said is left out.
  public var json: JSON {
    var object = JSONObject([("dataset_id", .string(id)), ("name", .string(name))])
    func add(_ key: String, _ text: String?) { if let text { object.append(key, .string(text)) } }
    add("description", description)
    add("source_type", sourceType.rawValue)
    add("source_url", sourceURL)
    object.append("source_config", source.json)
    add("job_type", jobType)
    add("update_strategy", updateStrategy.rawValue)
    add("update_schedule", updateSchedule)
    add("update_zone", updateZone)
    add("credential_key", credentialKey)
    add("target_schema", targetSchema)
    add("target_table_name", targetTable)
    add("license", license)
    add("attribution", attribution)
    object.append("keep_versions", JSON(keepVersions))
    object.append("enabled", .bool(isEnabled))
    return .object(object)
  }
}
