extension DatabaseError: CustomStringConvertible, CustomDebugStringConvertible {
  /// What is wrong and where, in words that quote no data.
  public var message: String {
    let place = subject.map { "\($0): " } ?? ""
    switch code {
    case .server(let state):
      return place + "PostgreSQL refused it: \(SQLState.name(of: state)) (SQLSTATE \(state))\(named)."
    case .connection:
      return place
        + (report.map { "the connection ended: \(SQLState.name(of: $0.sqlstate)) (SQLSTATE \($0.sqlstate))." }
          ?? "PostgreSQL cannot be reached, or the connection was lost.")
    case .poolExhausted(let size, let waited):
      return place + "all \(size) database connections were in use for \(waited.milliseconds) ms."
    case .decoding(let column, let wanted):
      return place + "column \(column) cannot be read as \(wanted)."
    case .encoding(let what):
      return place + what
    case .misuse(let what):
      return place + what
    case .cancelled:
      return place + "cancelled."
    case .rolledBack:
      return place + "a statement of the transaction had failed, so COMMIT rolled it back."
    case .migration(let what, _):
      return place + what
    }
  }

  /// How to mend it; nil when there is nothing general to say.
  public var hint: String? {
    switch code {
    case .server(let state): SQLState.hint(for: state)
    case .connection: connectionHint
    case .poolExhausted:
      "Raise the pool's size, or look for a transaction that holds its connection for long (pg_stat_activity)."
    case .decoding: "The statement and the program disagree: the database may be of another Weir version. Run `weir db status`."
    case .encoding: "Remove the character U+0000: PostgreSQL text cannot hold it."
    case .misuse: "This is a fault of the calling code."
    case .cancelled: nil
    case .rolledBack: "A failed statement ends its transaction: let its error pass, or use a savepoint."
    case .migration(_, let hint): hint
    }
  }

  public var description: String {
    hint.map { "\(message) \($0)" } ?? message
  }

  /// Everything known, raw text included: for the log only.
  public var debugDescription: String {
    var lines = [description]
    if let report { lines.append(report.text) }
    if let rawText { lines.append(rawText) }
    if let cause { lines.append("caused by " + String(reflecting: cause)) }
    return lines.joined(separator: "\n")
  }

  private var named: String {
    var parts: [String] = []
    if let constraint { parts.append("constraint \(constraint)") }
    if let table { parts.append("table \(table)") }
    if let column { parts.append("column \(column)") }
    return parts.isEmpty ? "" : ", " + parts.joined(separator: ", ")
  }

  // libpq gives no code for a failed connect, only text; these are its own and the server's untranslated words.
  private var connectionHint: String {
    let text = rawText ?? ""
    if text.contains("password") { return "The user or password is not accepted: check the database URL." }
    if text.contains("too many clients") || text.contains("connection slots") {
      return "The server's max_connections is used up: raise it, or lower the pools' sizes."
    }
    if text.contains("does not exist") { return "The database or role in the URL does not exist: create it." }
    if text.contains("starting up") { return "The server is starting: try again in a moment." }
    if text.contains("startup parameter") {
      return "A pooler refuses startup options: set database_pooling to \"transaction\" (WEIR_DATABASE_POOLING)."
    }
    return "Check that the server runs and that the host, port and socket folder of the database URL are right."
  }
}
