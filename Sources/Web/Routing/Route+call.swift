import Workflow

extension Route {
  /// Checks the values of a request's path and query.
  /// - Throws: 400, with every mistake.
  func values(path: [String: String], query: [(name: String, value: String)]) throws(Problem) -> [String: String] {
    let wrongIDs = pathParameters.compactMap { parameter in path[parameter.name].flatMap(parameter.mistake) }
    if let first = wrongIDs.first {
      throw Problem(.invalidID, first["message"]?.stringValue ?? "", errors: wrongIDs)
    }
    var values = path
    var mistakes: [JSON] = []
    for (name, value) in query {
      guard let parameter = queryParameters.first(where: { $0.name == name }) else {
        mistakes.append(unknown(name))
        continue
      }
      if values[name] != nil {
        mistakes.append(["parameter": .string(name), "message": "\(name): is given twice."])
      } else if let mistake = parameter.mistake(in: value) {
        mistakes.append(mistake)
      }
      values[name] = value
    }
    guard mistakes.isEmpty else {
      let count = mistakes.count == 1 ? "1 mistake" : "\(mistakes.count) mistakes"
      throw Problem(.invalidQuery, "the query has \(count): \(mistakes[0]["message"]?.stringValue ?? "")", errors: mistakes)
    }
    return values
  }

  private func unknown(_ name: String) -> JSON {
    let known = queryParameters.map(\.name)
    let shown = String(name.prefix(100))
    let takes = known.isEmpty ? "This takes no query." : "It takes \(known.joined(separator: ", "))."
    let suggestion = Suggestion.nearest(to: name, among: known).map { "Did you mean \"\($0)\"? \(takes)" } ?? takes
    return [
      "parameter": .string(shown), "message": .string("\(shown): there is no such parameter. \(suggestion)"),
      "suggestion": .string(suggestion),
    ]
  }
}
