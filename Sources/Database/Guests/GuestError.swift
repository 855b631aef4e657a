import CPostgres

/// What went wrong with a handler's session. Its text is for the handler, who wrote the statement: it may quote data.
public struct GuestError: Error, Sendable, Hashable {
  public enum Code: Sendable, Hashable {
    /// The server refused a statement.
    case server(sqlstate: String)
    /// No connection, or it was lost: what the statement did is unknown.
    case unreachable
    /// The task was cancelled, and the statement with it.
    case cancelled
    /// The rows of one answer, in bytes.
    case tooLarge(limit: Int)
    case misuse
    /// COMMIT was asked of a transaction that had failed: nothing was stored.
    case rolledBack
    /// The login could do more than a handler may: for the operator to mend.
    case unsafeLogin
  }

  public let code: Code
  /// The operator's name of the database.
  public let database: String
  private let text: String

  init(_ code: Code, _ database: String, _ text: String) {
    self.code = code
    self.database = database
    self.text = text
  }

  /// What the server says about a statement; `.unreachable` if it says nothing.
  init(_ result: OpaquePointer, _ database: String) {
    func field(_ code: Character) -> String? {
      PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
    }
    guard let state = field("C") else {
      self.init(.unreachable, database, "the connection to PostgreSQL was lost")
      return
    }
    let words = [field("M") ?? SQLState.name(of: state), field("D"), field("H")].compactMap { $0 }.joined(separator: "; ")
    self.init(.server(sqlstate: state), database, "\(words.prefix(1000)) (SQLSTATE \(state))")
  }

  public var sqlstate: String? {
    if case .server(let state) = code { state } else { nil }
  }

  public var message: String { "database \"\(database)\": \(text)" }
}
