/// What a trigger waits for.
public enum TriggerSource: Sendable, Hashable {
  /// New or changed objects under a prefix.
  case objects(ObjectSource)
  /// A new version of a dataset, each once.
  case dataset(id: String)
  /// The end of a workflow's jobs in one of these states, each job once.
  case job(workflow: String, states: [JobState])
  /// A signed message, each id once; the credential's `signing_key` is what it is signed with.
  case webhook(credential: String)

  public var kind: String {
    switch self {
    case .objects: "objects"
    case .dataset: "dataset"
    case .job: "job"
    case .webhook: "webhook"
    }
  }

  public static let kinds = ["objects", "dataset", "job", "webhook"]

  /// The names behind `${event.` that mean something.
  public var words: [String] {
    switch self {
    case .objects(let source):
      source.batch > 1 ? ["container", "prefix", "objects"] : ["container", "prefix", "key", "etag", "size", "modified"]
    case .dataset: ["dataset", "version", "source_version"]
    case .job: ["job_id", "workflow", "state", "labels", "finished_at"]
    case .webhook: ["id", "time", "body"]
    }
  }

  init(_ json: JSON) throws(TriggerSettings.Fault) {
    guard let object = json.objectValue, object.count == 1, let (kind, value) = object.members.first.map({ ($0.key, $0.value) }),
      Self.kinds.contains(kind)
    else { throw TriggerSettings.Fault(message: "on: expected an object with one of \(Self.kinds.joined(separator: ", "))") }
    let members = try TriggerMembers(value, at: "on.\(kind)")
    switch kind {
    case "objects": self = .objects(try ObjectSource(members))
    case "dataset":
      try members.finish(["id"])
      self = .dataset(id: try members.required("id"))
    case "job":
      try members.finish(["workflow", "states"])
      let words = try members.texts("states") ?? [JobState.completed.rawValue, JobState.completedWithErrors.rawValue]
      let finals = JobState.allCases.filter(\.isFinal)
      let states = words.compactMap { word in finals.first { $0.rawValue == word } }
      guard !states.isEmpty, states.count == words.count else {
        throw TriggerSettings.Fault(message: "on.job.states: expected some of \(finals.map(\.rawValue).joined(separator: ", "))")
      }
      self = .job(workflow: try members.required("workflow"), states: states)
    default:
      try members.finish(["credential"])
      self = .webhook(credential: try members.required("credential"))
    }
  }

  var json: JSON {
    switch self {
    case .objects(let source): ["objects": source.json]
    case .dataset(let id): ["dataset": ["id": .string(id)]]
    case .job(let workflow, let states):
      ["job": ["workflow": .string(workflow), "states": .array(states.map { .string($0.rawValue) })]]
    case .webhook(let credential): ["webhook": ["credential": .string(credential)]]
    }
  }
}
