/// What a browser's form sends: `name=value&name=value`, percent-encoded. What cannot be read is not there.
struct Form: Sendable {
  private let values: [String: String]

  init(_ body: [UInt8]) {
    // a form's text is built as a query is
    let target = String(validating: body, as: UTF8.self).flatMap { try? RequestTarget(form: $0) }
    values = Dictionary((target?.query ?? []).map { ($0.name, $0.value) }) { first, _ in first }
  }

  subscript(name: String) -> String? { values[name] }
}
