import HTTPTypes
import Workflow

/// All routes; the same table serves and is documented.
///
/// Not Hummingbird's router, which answers 404 where a method is wrong, keeps no word on parameters and answers, and
/// leaves the decoding of paths to each route.
struct RouteTable: Sendable {
  let routes: [Route]

  /// The route of a request and the values of its path.
  /// - Parameter method: HEAD finds what GET does.
  /// - Throws: 404 with what was probably meant, 405 with the methods that the path takes.
  func find(_ method: HTTPRequest.Method, _ path: [String]) throws(Problem) -> (route: Route, values: [String: String]) {
    let candidates = routes.compactMap { route in route.path.match(path).map { (route: route, values: $0) } }
    let wanted = method == .head ? .get : method
    let matching = candidates.filter { $0.route.method == wanted }
    if let best = matching.max(by: { $1.route.path.isMoreSpecific(than: $0.route.path) }) { return best }
    let text = "/" + path.joined(separator: "/")
    guard candidates.isEmpty else { throw wrongMethod(method, text, candidates.map(\.route.method)) }
    throw Problem(.noPath, "there is nothing at \(text.prefix(200))", hint: hint(for: path))
  }

  private func wrongMethod(_ method: HTTPRequest.Method, _ path: String, _ methods: [HTTPRequest.Method]) -> Problem {
    var allowed = Set(methods.map(\.rawValue))
    if allowed.contains("GET") { allowed.insert("HEAD") }
    let list = allowed.sorted().joined(separator: ", ")
    return Problem(
      .methodNotAllowed, "\(path) does not take \(method.rawValue)", hint: "It takes \(list).", headers: [.allow: list])
  }

  private func hint(for path: [String]) -> String {
    let general = "/api/openapi.json lists what there is."
    let near = routes.map(\.path).filter { $0.segments.count == path.count }.compactMap { template -> String? in
      var parts: [String] = []
      var differences = 0
      for (segment, part) in zip(template.segments, path) {
        guard case .literal(let literal) = segment, literal != part else {
          parts.append(part)
          continue
        }
        guard Suggestion.nearest(to: part, among: [literal]) != nil else { return nil }
        differences += 1
        parts.append(literal)
      }
      return differences > 0 ? "/" + parts.joined(separator: "/") : nil
    }
    return near.first.map { "Did you mean \($0)? \(general)" } ?? general
  }
}
