internal import HandlerABI

/// A PostgreSQL database that the operator named, under a role that may do what was granted and no more.
public struct SQLDatabase {
  private let task: Task
  public let name: String

  init(_ task: Task, _ name: String) {
    self.task = task
    self.name = name
  }

  /// Runs `body` in a transaction: commits when it returns, rolls back when it throws.
  /// - Throws: `.unreachable` from a commit whose outcome is unknown: look before you repeat it. A retryable status: run it again.
  public func transaction<T>(_ options: SQLOptions = SQLOptions(), _ body: (SQLSession) throws -> T) throws -> T {
    let session = try begin(options.json(commitsEach: false))
    do {
      let value = try body(session)
      try session.end(commit: true)
      return value
    } catch {
      try? session.end(commit: false)  // what `body` or the commit said stands
      throw error
    }
  }

  /// Runs `body` with a session in which each statement stands for itself: for VACUUM, CREATE INDEX CONCURRENTLY.
  public func withAutocommit<T>(lockTimeout: Duration? = nil, _ body: (SQLSession) throws -> T) throws -> T {
    let session = try begin(SQLOptions(lockTimeout: lockTimeout).json(commitsEach: true))
    let result = Result { try body(session) }
    try session.end(commit: true)
    return try result.get()
  }

  private func begin(_ options: JSONText) throws(HandlerError) -> SQLSession {
    let (pointer, table) = try task.door(.sql, as: weir_sql.self)
    var session: OpaquePointer?
    try task.require(table.pointee.begin(pointer, name, options.text, &session), "database \(name)")
    return SQLSession(task, session, name)
  }
}

extension Task {
  /// Its calls throw `.denied` if the handler did not declare the service or the operator did not grant the database.
  public func database(_ name: String) -> SQLDatabase { SQLDatabase(self, name) }
}
