import Engine
import HTTPTypes
import Workflow

/// A request that has found its route and was checked against it.
struct Call: Sendable {
  var caller: Caller
  /// Decoded and valid, by name: those of the path and those of the query that were given.
  var values: [String: String]
  var body: [UInt8]
  /// The request line and headers, for what deals with cookies.
  var head: HTTPRequest
  /// Where the request came from.
  var address: String

  func text(_ name: String) -> String? { values[name] }

  /// Of a path, which has all its values.
  func path(_ name: String) -> String { values[name] ?? "" }

  func integer(_ name: String) -> Int? { values[name].flatMap { Int($0) } }

  func limit(_ parameter: Parameter) -> Int { integer(parameter.name) ?? parameter.kind.fallback ?? 50 }

  /// Who makes the change, for the audit; of a route that needs a role.
  var actor: Actor { caller.actor ?? Actor(name: "anonymous", role: .viewer, via: .api) }

  /// None when it is not given.
  func labels(_ name: String) -> [String] { values[name].map(ParameterKind.labels(in:)) ?? [] }

  var job: Int64 { Int64(path("id")) ?? 0 }
  var stage: String { path("stage") }
}
