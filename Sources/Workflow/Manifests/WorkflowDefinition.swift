/// What a job runs: parameters and stages.
public struct WorkflowDefinition: Sendable, Hashable {
  public var name: String
  public var title: String?
  public var description: String?
  /// The author's, for people to read; the catalog numbers versions by itself.
  public var version: String?
  /// JSON Schema (draft-07) of an object: what a job is submitted with.
  public var parameters: JSON
  public var stages: [StageDefinition]
  public var labels: [String: String]
  /// How long a job may take from its start; then all of it is killed. Nil: for ever.
  public var deadline: Duration?
  /// How long its jobs are kept after their end; nil: as the host's configuration says.
  public var retention: Duration?

  public init(
    name: String, title: String? = nil, description: String? = nil, version: String? = nil,
    parameters: JSON = WorkflowDefinition.noParameters, stages: [StageDefinition], labels: [String: String] = [:],
    deadline: Duration? = nil, retention: Duration? = nil
  ) {
    self.name = name
    self.title = title
    self.description = description
    self.version = version
    self.parameters = parameters
    self.stages = stages
    self.labels = labels
    self.deadline = deadline
    self.retention = retention
  }

  /// The schema of a workflow that takes no parameters.
  public static let noParameters: JSON = .object(
    JSONObject([("type", .string("object")), ("additionalProperties", .bool(false))]))

  public func stage(_ id: String) -> StageDefinition? { stages.first { $0.id == id } }

  /// The parameters with the defaults of those that are not given; `parameters` must be an object.
  public func withDefaults(_ given: JSON) -> JSON {
    guard case .object(var members) = given else { return given }
    for (name, schema) in parameters["properties"]?.objectValue?.members ?? [] where members[name] == nil {
      if let value = schema["default"] { members.append(name, value) }
    }
    return .object(members)
  }

  /// As a manifest has it, members in the order of the schema.
  public var json: JSON {
    var object = JSONObject([("name", .string(name))])
    if let title { object.append("title", .string(title)) }
    if let description { object.append("description", .string(description)) }
    if let version { object.append("version", .string(version)) }
    if !labels.isEmpty {
      object.append("labels", .object(JSONObject(labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })))
    }
    if let deadline { object.append("deadline", .string(DurationText.text(of: deadline))) }
    if let retention { object.append("retention", .string(DurationText.text(of: retention))) }
    object.append("parameters", parameters)
    object.append("stages", .array(stages.map(\.json)))
    return .object(object)
  }
}
