/// What a trigger is: what it waits for, and which workflow it starts with which parameters.
public struct TriggerSettings: Sendable, Hashable {
  public var workflow: String
  /// An object. A text that is `${event.NAME}` and no more becomes that value; inside of other text it is written out.
  public var params: JSON
  public var source: TriggerSource
  public var priority: Int
  public var labels: [String]

  /// Why settings cannot be, for a person.
  public struct Fault: Error, Hashable {
    public let message: String
  }

  /// - Throws: `Fault`, which names the member.
  public init(_ json: JSON) throws(Fault) {
    guard json.objectValue != nil else { throw Fault(message: "expected an object such as {\"workflow\": .., \"on\": {..}}") }
    let members = try TriggerMembers(json, at: "")
    try members.finish(["workflow", "params", "on", "priority", "labels"])
    workflow = try members.required("workflow")
    params = members["params"] ?? .object(JSONObject([]))
    guard params.objectValue != nil else { throw Fault(message: "params: expected an object") }
    guard let on = members["on"] else {
      throw Fault(message: "on: is missing; it is an object with one of \(TriggerSource.kinds.joined(separator: ", "))")
    }
    source = try TriggerSource(on)
    priority = try members.number("priority", 0, -1_000...1_000)
    labels = try members.texts("labels") ?? []
    guard labels.allSatisfy({ (1...100).contains($0.unicodeScalars.count) }) else {
      throw Fault(message: "labels: expected an array of words of 1 to 100 characters")
    }
    let words = source.words
    if let stranger = Self.words(in: params).first(where: { !words.contains($0.first ?? "") }) {
      throw Fault(
        message: "params: ${event.\(stranger.joined(separator: "."))} is nothing of such an event; it has \(words.joined(separator: ", "))")
    }
    if case .job(workflow, _) = source { throw Fault(message: "on.job.workflow: a workflow that starts itself would never end") }
  }

  /// Whether a text can be a trigger's name.
  public static func isName(_ text: String) -> Bool { NameSyntax.isName(text) }

  public var json: JSON {
    [
      "workflow": .string(workflow), "params": params, "on": source.json, "priority": JSON(priority),
      "labels": .array(labels.map(JSON.string)),
    ]
  }

  /// The parameters of a job for these events: one, or as many as share a job.
  public func params(of events: [TriggerEvent]) -> JSON {
    guard let first = events.first else { return params }
    var values = first.values
    if case .objects(let source) = source, source.batch > 1 {
      let objects = events.map { event in JSON.object(JSONObject(event.values.members.filter { $0.key != "prefix" })) }
      values = JSONObject([
        ("container", .string(source.container)), ("prefix", .string(source.prefix)), ("objects", .array(objects)),
      ])
    }
    return Self.replaced(params, values)
  }

  private static func replaced(_ json: JSON, _ values: JSONObject) -> JSON {
    switch json {
    case .string(let text): EventText.replaced(text, values)
    case .array(let elements): .array(elements.map { replaced($0, values) })
    case .object(let object): .object(JSONObject(object.members.map { ($0.key, replaced($0.value, values)) }))
    default: json
    }
  }

  private static func words(in json: JSON) -> [[String]] {
    switch json {
    case .string(let text): EventText.parts(of: text).compactMap { if case .word(let path) = $0 { path } else { nil } }
    case .array(let elements): elements.flatMap(words)
    case .object(let object): object.members.flatMap { words(in: $0.value) }
    default: []
    }
  }
}
