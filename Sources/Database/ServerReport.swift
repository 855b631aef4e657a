import CPostgres

/// The fields of one error report of the server.
struct ServerReport: Sendable {
  let sqlstate: String
  let constraint: String?
  let schema: String?
  let table: String?
  let column: String?
  let routine: String?
  /// Severity, message, detail, hint, context: raw, for the log only.
  let text: String

  init(_ result: OpaquePointer) {
    func field(_ code: Character) -> String? {
      PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
    }
    sqlstate = field("C") ?? "XX000"
    constraint = field("n")
    schema = field("s")
    table = field("t")
    column = field("c")
    routine = field("R")
    text =
      PQresultVerboseErrorMessage(result, PQERRORS_VERBOSE, PQSHOW_CONTEXT_ALWAYS).map { words in
        defer { PQfreemem(words) }
        return String(cString: words)
      } ?? ""
  }

  var qualifiedTable: String? {
    guard let table else { return nil }
    return schema.map { "\($0).\(table)" } ?? table
  }
}
