import HTTPTypes
import Workflow

/// Describes a route table as OpenAPI 3.1 does.
struct OpenAPIDocument: Sendable {
  let table: RouteTable
  let version: String

  var json: JSON {
    [
      "openapi": "3.1.0", "jsonSchemaDialect": "http://json-schema.org/draft-07/schema#",
      "info": [
        "title": "Weir", "version": .string(version),
        "description": "Submit and follow jobs. Errors are RFC 9457 problems with a hint; unknown query parameters are refused.",
      ],
      "paths": .object(paths),
      "components": .object(components),
    ]
  }

  private var components: JSONObject {
    [
      "schemas": .object(Schemas.all),
      "securitySchemes": [
        "token": [
          "type": "http", "scheme": "bearer", "description": "A token made by `weir tokens create`, or that of the configuration.",
        ],
        "session": [
          "type": "apiKey", "in": "cookie", "name": "weir_session",
          "description": "The session of a page, begun at /login; __Host-weir_session behind TLS. Changes need Sec-Fetch-Site or Origin.",
        ],
      ],
    ]
  }

  private var paths: JSONObject {
    var paths = JSONObject()
    for route in table.routes where route.audience == .programs {
      var operations = paths[route.path.description]?.objectValue ?? JSONObject()
      operations.append(route.method.rawValue.lowercased(), operation(route))
      if route.method == .get { operations.append("head", operation(route, isHead: true)) }
      paths[route.path.description] = .object(operations)
    }
    return paths
  }

  private func operation(_ route: Route, isHead: Bool = false) -> JSON {
    var operation = JSONObject([
      ("operationId", .string(isHead ? "\(route.id)Head" : route.id)),
      ("summary", .string(isHead ? "The headers of what GET answers." : route.summary)),
      ("description", .string(route.access > .open ? "Needs the role \(route.access)." : "Open to anybody.")),
    ])
    if !route.parameters.isEmpty { operation.append("parameters", .array(route.parameters.map(\.json))) }
    if let body = route.body {
      operation.append(
        "requestBody",
        [
          "description": .string(body), "required": .bool(route.bodySchema != nil),
          "content": .object([
            route.bodyType: ["schema": route.bodySchema.map(Schemas.reference) ?? ["type": "object"]]
          ]),
        ])
    }
    operation.append("responses", .object(responses(of: route, isHead: isHead)))
    let role = JSON.string("\(route.access)")
    // without any token, a host on loopback lets everybody of its machine do everything
    operation.append("security", route.access > .open ? [["token": [role]], ["session": [role]]] : [])
    return .object(operation)
  }

  private func responses(of route: Route, isHead: Bool) -> JSONObject {
    var responses = JSONObject()
    for success in route.successes {
      var response = JSONObject([("description", .string(success.summary))])
      if !success.headers.isEmpty {
        let headers = success.headers.map { ($0.0, ["description": .string($0.1), "schema": ["type": "string"]] as JSON) }
        response.append("headers", .object(JSONObject(headers.map { (key: $0.0, value: $0.1) })))
      }
      if !isHead, let content = content(of: success) { response.append("content", content) }
      responses.append("\(success.status)", .object(response))
    }
    let taken = Set(route.successes.map(\.status))
    let kinds = Set(route.allProblems)
    for status in Set(kinds.map(\.status)).subtracting(taken).sorted() {
      let titles = ProblemKind.allCases.filter { kinds.contains($0) && $0.status == status }.map(\.title)
      var response = JSONObject([("description", .string(titles.joined(separator: ". ") + "."))])
      if !isHead { response.append("content", ["application/problem+json": ["schema": Schemas.reference("Problem")]]) }
      responses.append("\(status)", .object(response))
    }
    return responses
  }

  /// What an answer's body is; absent when it has none.
  private func content(of success: Route.Success) -> JSON? {
    if let schema = success.schema { return ["application/json": ["schema": Schemas.reference(schema)]] }
    return success.contentType.map { type in
      .object(
        JSONObject(
          ([type] + success.otherTypes).map { type in
            // what is JSON under another name is read as JSON by generated clients
            (key: type, value: ["schema": type.hasSuffix("+json") ? Shape.object : Shape.string] as JSON)
          }))
    }
  }
}
