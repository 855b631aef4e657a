/// What went wrong between Weir and PostgreSQL.
///
/// `message` and `hint` are safe to show to any caller. What the server or libpq said in its own words, which may
/// quote data and statements, appears in `String(reflecting:)` only: that is for the log.
public struct DatabaseError: Error, Sendable {
  public enum Code: Sendable, Hashable {
    /// The server refused a statement; the SQLSTATE says why.
    case server(sqlstate: String)
    /// No connection could be opened, or an open one was lost.
    case connection
    /// Every connection was in use for longer than the pool's timeout.
    case poolExhausted(size: Int, waited: Duration)
    /// A column was missing, NULL, or of another type than was asked for.
    case decoding(column: String, wanted: String)
    /// A value cannot be sent: PostgreSQL has no such text.
    case encoding(String)
    /// The database, the connection or the transaction was used in a way that it does not allow.
    case misuse(String)
    /// The caller's task was cancelled, and the statement with it.
    case cancelled
    /// COMMIT was asked of a transaction that had already failed: nothing was stored.
    case rolledBack
    /// The migrations of the database and of this program do not fit together.
    case migration(String, hint: String)
  }

  public let code: Code
  /// What it happened to: a server, a statement's first words, a migration. Holds no data and no secret.
  public let subject: String?
  public let cause: (any Error)?
  /// What the server said about the refusal, when it said something.
  let report: ServerReport?
  /// libpq's own words, when no server report exists.
  let rawText: String?

  init(
    _ code: Code, subject: String? = nil, cause: (any Error)? = nil, report: ServerReport? = nil, rawText: String? = nil
  ) {
    self.code = code
    self.subject = subject
    self.cause = cause
    self.report = report
    self.rawText = rawText
  }

  /// The same error with a subject that says more than the statement's first words.
  func about(_ subject: String) -> DatabaseError {
    DatabaseError(code, subject: subject, cause: cause, report: report, rawText: rawText)
  }

  /// The SQLSTATE, when the server gave one (a lost connection may have one too: 57P01).
  public var sqlstate: String? { report?.sqlstate }
  /// The constraint that was violated, when it was one.
  public var constraint: String? { report?.constraint }
  /// The table concerned, schema first, when the server named it.
  public var table: String? { report?.qualifiedTable }
  public var column: String? { report?.column }

  /// Whether the whole transaction had no effect and may well succeed when it is done again at once:
  /// serialization failure (40001), deadlock (40P01), lock not available (55P03), a plan overtaken by DDL.
  public var isRetryable: Bool {
    guard case .server(let state) = code else { return false }
    return ["40001", "40P01", "55P03"].contains(state) || isStalePlan
  }

  /// Whether PostgreSQL was away, starting or stopping: wait and call again. What the lost statement did is unknown.
  public var isUnreachable: Bool {
    switch code {
    case .connection: true
    case .server(let state): state.hasPrefix("08") || state.hasPrefix("57P") || state == "53300"
    default: false
    }
  }

  /// A prepared statement whose result type was changed by DDL, or that the session has forgotten.
  var isStalePlan: Bool {
    guard let report else { return false }
    return report.sqlstate == "26000" || (report.sqlstate == "0A000" && report.routine == "RevalidateCachedQuery")
  }
}
