import HTTPTypes
import Workflow

/// An answer that says what is wrong: an RFC 9457 problem, with a `hint` how to mend it and a list of `errors`.
struct Problem: Error, Sendable {
  var kind: ProblemKind
  /// What is wrong with this request.
  var detail: String
  var hint: String?
  /// Every single mistake, each with `message` and its place: `pointer` (into the body), `parameter` or `path`.
  var errors: [JSON]
  var headers: HTTPFields

  init(_ kind: ProblemKind, _ detail: String, hint: String? = nil, errors: [JSON] = [], headers: HTTPFields = [:]) {
    self.kind = kind
    self.detail = detail
    self.hint = hint
    self.errors = errors
    self.headers = headers
    if let seconds = kind.retryAfter { self.headers[.retryAfter] = "\(seconds)" }
  }

  static let overloaded = Problem(
    .overloaded, "too many requests wait to be answered", hint: "Come back in a second; ask for larger pages less often.")

  var json: JSON {
    var object = JSONObject([
      ("type", .string(kind.uri)), ("title", .string(kind.title)), ("status", JSON(kind.status)),
      ("detail", .string(Redaction.byForm.text(detail))),
    ])
    if let hint { object.append("hint", .string(Redaction.byForm.text(hint))) }
    if !errors.isEmpty { object.append("errors", Redaction.byForm.json(.array(errors))) }
    return .object(object)
  }

  var answer: Answer {
    Answer(status: kind.status, headers: headers, contentType: "application/problem+json", body: json.bytes)
  }
}

extension JSON {
  /// The compact text.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }
}
