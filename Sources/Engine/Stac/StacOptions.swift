internal import Workflow

/// Options as JSON, read strictly: one that is not known is refused.
enum StacOptions {
  static func members(_ text: String?, _ subject: String, known: [String]) throws(StacError) -> [String: RawJSON] {
    guard let text else { return [:] }
    guard let options = try? RawJSON(validating: text), options.kind == .object else {  // the message below says it all
      throw StacError(.invalid([StacProblem(pointer: "", message: "the options are no JSON object")]), subject)
    }
    var members: [String: RawJSON] = [:]
    options.forEachMember { key, value in members[key] = value }
    if let unknown = members.keys.sorted().first(where: { !known.contains($0) }) {
      let list = known.isEmpty ? "there are none" : "only " + known.joined(separator: ", ")
      throw StacError(.unsupported("there is no option \"\(unknown)\" here, \(list)"), subject)
    }
    return members
  }

  static func none(_ text: String?, _ subject: String) throws(StacError) {
    _ = try members(text, subject, known: [])
  }

  /// `{"partition": "month" | "year" | null}`; nil when the option is not there.
  static func partition(_ text: String?) throws(StacError) -> StacPartition? {
    guard let value = try members(text, "put_collection", known: ["partition"])["partition"] else { return nil }
    if value.isNull { return StacPartition.none }
    if let width = value.string.flatMap(StacPartition.init(rawValue:)), width != .none { return width }
    let message = "is \(value.text), it can be \"month\", \"year\" or null"
    throw StacError(.invalid([StacProblem(pointer: "/partition", message: message)]), "put_collection")
  }
}
