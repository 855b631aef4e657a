/// What a task of a handler holds of named resources while it runs: `{"planet_api": 1, "scratch": 4}`.
enum ResourceWeights {
  static let expected = "an object of weights from 1 by resource, such as {\"planet_api\": 1}"

  /// Nil when it cannot be that.
  static func read(_ json: JSON) -> [String: Int]? {
    guard let object = json.objectValue else { return nil }
    var weights: [String: Int] = [:]
    for (name, value) in object.members {
      guard NameSyntax.isName(name), let weight = value.intValue, (1...1_000_000).contains(weight) else { return nil }
      weights[name] = weight
    }
    return weights
  }

  /// By handler. Nil when it cannot be that.
  static func byHandler(_ json: JSON) -> [String: [String: Int]]? {
    guard let object = json.objectValue else { return nil }
    var all: [String: [String: Int]] = [:]
    for (handler, value) in object.members {
      guard NameSyntax.isHandlerName(handler), let weights = read(value) else { return nil }
      all[handler] = weights
    }
    return all
  }

  static func json(_ weights: [String: Int]) -> JSON {
    .object(JSONObject(weights.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }))
  }
}
