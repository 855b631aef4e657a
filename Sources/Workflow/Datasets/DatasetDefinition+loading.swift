extension DatasetDefinition {
  public static let keys = [
    "$schema", "dataset_id", "name", "description", "source_type", "source_url", "source_config", "job_type", "update_strategy",
    "update_schedule", "update_zone", "credential_key", "target_schema", "target_table_name", "license", "attribution", "keep_versions",
    "enabled",
  ]

  /// Reads a dataset strictly; rules are `Validator`'s.
  /// - Parameter file: the file's path, or a word such as `body`, for the problems.
  public static func load(bytes: [UInt8], file: String) -> LoadedManifest<DatasetDefinition> {
    LoadedManifest(bytes: bytes, file: file) { text, log in
      ObjectReader(text.root, at: ManifestPath(), subject: "a dataset", keys: keys, log: log).map { read($0) }
    }
  }

  private static func read(_ reader: ObjectReader) -> DatasetDefinition {
    let hint = "A dataset needs dataset_id, name, source_type, update_strategy and target_table_name."
    _ = reader.string("$schema")
    _ = reader.required("source_type", hint: hint)
    _ = reader.required("update_strategy", hint: hint)
    let config = reader.object("source_config", subject: "a source_config", keys: DatasetSource.keys)
    return DatasetDefinition(
      id: reader.requiredString("dataset_id", hint: hint) ?? "", name: reader.requiredString("name", hint: hint) ?? "",
      description: reader.string("description"), sourceType: reader.choice("source_type", SourceType.self) ?? .bulkDownload,
      sourceURL: reader.string("source_url"), source: config.map(DatasetSource.init(reader:)) ?? DatasetSource(),
      jobType: reader.string("job_type") ?? updateWorkflow,
      updateStrategy: reader.choice("update_strategy", UpdateStrategy.self) ?? .fullReplace,
      updateSchedule: reader.string("update_schedule"), updateZone: reader.string("update_zone"),
      credentialKey: reader.string("credential_key"),
      targetSchema: reader.string("target_schema") ?? schemas[0], targetTable: reader.requiredString("target_table_name", hint: hint) ?? "",
      license: reader.string("license"), attribution: reader.string("attribution"), keepVersions: reader.integer("keep_versions") ?? 3,
      isEnabled: reader.boolean("enabled") ?? true)
  }
}

extension DatasetSource {
  static let keys = ["version", "answer", "max_size", "layers", "geometry", "types", "missing", "fill", "key", "required", "rows"]

  init(reader: ObjectReader) {
    self.init()
    if let version = reader.object("version", subject: "what tells versions apart", keys: ["by", "url", "match"]) {
      _ = version.required("by", hint: "Write such as {\"by\": \"etag\"}.")
      versionBy = version.choice("by", VersionBy.self) ?? .etag
      versionURL = version.string("url")
      versionMatch = version.string("match")
    }
    answer = reader.object("answer", subject: "what an answer says", keys: ["url", "version"]).flatMap { answer in
      answer.requiredString("url", hint: "Write a JSON Pointer, such as \"/download_url\".").map {
        Answer(url: $0, version: answer.string("version"))
      }
    }
    maxSize = reader.size("max_size") ?? maxSize
    layers = reader.strings("layers", of: "names of layers") ?? []
    geometry = reader.choice("geometry", Geometry.self) ?? .multipolygon
    if let given = reader.object("types", subject: "types by column", keys: nil) {
      for column in given.names { types[column] = given.string(column) }
    }
    missing = reader.strings("missing", of: "texts") ?? []
    if let given = reader.object("fill", subject: "columns by column", keys: nil) {
      for column in given.names { fill[column] = given.strings(column, of: "columns") }
    }
    key = reader.strings("key", of: "columns") ?? []
    required = reader.strings("required", of: "columns") ?? []
    guard let rows = reader.object("rows", subject: "how many rows a version has", keys: ["least", "most", "change"]) else { return }
    leastRows = rows.integer("least") ?? 1
    mostRows = rows.integer("most")
    maxChange = rows.percentage("change")
  }
}

extension ObjectReader {
  fileprivate func boolean(_ key: String) -> Bool? {
    guard let value = value(key) else { return nil }
    if let flag = value.json.boolValue { return flag }
    reportWrong(key, expected: "true or false")
    return nil
  }

  fileprivate func percentage(_ key: String) -> Double? {
    guard let text = string(key) else { return nil }
    if case .percent(let percent)? = Tolerance(text) { return percent }
    reportWrong(key, expected: "a percentage up to 100%", hint: "Write such as \"10%\".")
    return nil
  }
}
