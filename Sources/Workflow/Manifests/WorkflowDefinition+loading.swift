extension WorkflowDefinition {
  static let keys = ["$schema", "name", "title", "description", "version", "labels", "deadline", "retention", "parameters", "stages"]

  /// Reads a workflow strictly; rules that look at more than one place are `Validator`'s.
  /// - Parameter file: the file's path, or a word such as `body`, for the problems.
  public static func load(bytes: [UInt8], file: String) -> LoadedManifest<WorkflowDefinition> {
    LoadedManifest(bytes: bytes, file: file) { text, log in
      ObjectReader(text.root, at: ManifestPath(), subject: "a workflow", keys: keys, log: log).map { read($0) }
    }
  }

  private static func read(_ reader: ObjectReader) -> WorkflowDefinition {
    let stagesHint = "A workflow needs name and stages."
    _ = reader.string("$schema")
    _ = reader.required("stages", hint: stagesHint)
    let stages = reader.elements("stages", of: "stages") ?? []
    let parameters = reader.value("parameters")
    if case .object? = parameters?.content {
    } else {
      reader.reportWrong("parameters", expected: "a JSON Schema of an object")
    }
    return WorkflowDefinition(
      name: reader.requiredString("name", hint: stagesHint) ?? "", title: reader.string("title"),
      description: reader.string("description"), version: reader.string("version"),
      parameters: parameters?.json ?? WorkflowDefinition.noParameters,
      stages: stages.map { StageDefinition.read($0.value, at: $0.path, log: reader.log) },
      labels: labels(of: reader), deadline: reader.duration("deadline"), retention: reader.duration("retention"))
  }

  private static func labels(of reader: ObjectReader) -> [String: String] {
    guard let object = reader.object("labels", subject: "an object of strings", keys: nil) else { return [:] }
    var labels: [String: String] = [:]
    for name in object.names { labels[name] = object.string(name) }
    return labels
  }
}
