/// The names and remedies of the SQLSTATEs that Weir meets.
///
/// - Source: PostgreSQL 15 manual, appendix A.
enum SQLState {
  static func name(of state: String) -> String {
    names[state] ?? classes[String(state.prefix(2))] ?? "error"
  }

  static func hint(for state: String) -> String? {
    hints[state]
  }

  private static let names: [String: String] = [
    "0A000": "feature not supported",
    "21000": "more than one row",
    "22001": "text too long",
    "22003": "number out of range",
    "22007": "not a date or time",
    "22008": "date or time out of range",
    "22021": "text that is not UTF-8",
    "22P02": "text that the type cannot hold",
    "22P04": "bad COPY format",
    "22P05": "character that the encoding cannot hold",
    "23502": "NULL in a column that needs a value",
    "23503": "foreign key violated",
    "23505": "unique constraint violated",
    "23514": "check violated",
    "23P01": "exclusion constraint violated",
    "25006": "write in a read-only transaction",
    "25P02": "the transaction has already failed",
    "25P03": "transaction idle for too long",
    "26000": "prepared statement unknown",
    "28000": "login refused",
    "28P01": "password refused",
    "3D000": "no such database",
    "3F000": "no such schema",
    "40001": "serialization failure",
    "40P01": "deadlock",
    "42501": "not permitted",
    "42601": "syntax error",
    "42703": "no such column",
    "42704": "no such object",
    "42710": "object exists already",
    "42804": "wrong type",
    "42846": "no such cast",
    "42883": "no such function or operator",
    "42P01": "no such table",
    "42P04": "database exists already",
    "42P07": "table exists already",
    "42P18": "type of a parameter unknown",
    "53100": "disk full",
    "53200": "out of memory",
    "53300": "too many connections",
    "55000": "object not in the needed state",
    "55006": "object in use",
    "55P03": "lock not available",
    "57014": "statement cancelled or out of time",
    "57P01": "the server is shutting down or ended the session",
    "57P02": "another server process crashed",
    "57P03": "the server is not ready",
  ]

  private static let classes: [String: String] = [
    "08": "connection failure",
    "22": "bad value",
    "23": "constraint violated",
    "25": "wrong transaction state",
    "28": "login refused",
    "40": "transaction rolled back",
    "42": "syntax or access fault",
    "53": "server resources used up",
    "54": "limit of the server exceeded",
    "55": "object not in the needed state",
    "57": "operator intervention",
    "58": "system failure of the server",
    "P0": "raised by a function",
    "XX": "internal fault of the server",
  ]

  private static let hints: [String: String] = [
    "42501": "Grant the login role the right, or connect as another role.",
    "42P01": "The schema is not there or of another version: run `weir db migrate`.",
    "42P18": "Give the parameter a cast, such as ::text.",
    "53100": "Free space on the server's disk.",
    "53300": "Raise the server's max_connections, or lower the pools' sizes.",
    "57014": "It was cancelled, or took longer than the statement timeout.",
    "57P03": "Wait until the server is ready.",
    "28P01": "Check the password of the database URL.",
    "3D000": "Create the database, or name another in the database URL.",
  ]
}
