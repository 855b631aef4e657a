import HTTPTypes
import Workflow

extension Route {
  /// What a page's form does: the same as the API, with a form's fields, and a page as the answer.
  /// - Parameter change: answers the page to go on to.
  static func form(
    _ path: String, id: String, parameters: [Parameter] = [], onChange: @escaping @Sendable () -> Void,
    _ change: @escaping @Sendable (Call, Form) throws -> String
  ) -> Route {
    Route(
      .post, path, id: id, "What a page's form does.", access: .operator, parameters: parameters, body: "The form's fields.",
      bodyType: "application/x-www-form-urlencoded", successes: [.init(status: 303, summary: "The page that shows what was done.")],
      audience: .people,
      .blocking { call in
        let next = try change(call, Form(call.body))
        onChange()
        return .seeOther(next)
      })
  }
}

extension Form {
  /// Nil when the field was left empty.
  /// - Throws: 422 when it holds what it may not.
  func text(_ name: String, _ kind: ParameterKind) throws -> String? {
    guard let text = self[name], !text.isEmpty else { return nil }
    guard kind.accepts(text) else {
      throw Problem(
        .invalidParameters, "\(name): expected \(kind.expected), got \(JSON.string(String(text.prefix(100))).serialized())",
        hint: "Go back, and send it again.")
    }
    return text
  }
}
