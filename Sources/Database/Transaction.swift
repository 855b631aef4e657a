/// How a transaction sees what others commit meanwhile.
public enum Isolation: Sendable, Hashable {
  /// What the server is configured for, normally READ COMMITTED.
  case serverDefault
  case readCommitted
  case repeatableRead
  case serializable
}

/// Whether a transaction may write.
public enum Access: Sendable, Hashable {
  case readWrite
  case readOnly
}

/// An open transaction of one connection. It ends with the closure that it was lent to.
public final class Transaction {
  private let connection: Connection
  private var isOpen = true
  private var savepoints = 0

  init(_ connection: Connection) {
    self.connection = connection
  }

  /// The server's process of this session, as in `pg_stat_activity.pid`.
  public var backendPID: Int32 { connection.backendPID }

  public func query(_ sql: SQL) throws(DatabaseError) -> Rows {
    try usable().query(sql)
  }

  @discardableResult
  public func execute(_ sql: SQL) throws(DatabaseError) -> Int {
    try usable().execute(sql)
  }

  /// Runs a text of any number of statements without values.
  public func executeScript(_ text: String) throws(DatabaseError) {
    try usable().executeScript(text)
  }

  /// See `Connection.copyIn`.
  @discardableResult
  public func copyIn(_ sql: SQL, _ body: (borrowing CopyWriter) throws -> Void) throws -> Int {
    try usable().copyIn(sql, body)
  }

  /// See `Connection.copyOut`.
  @discardableResult
  public func copyOut(_ sql: SQL, _ row: ([UInt8]) throws -> Void) throws -> Int {
    try usable().copyOut(sql, row)
  }

  /// Runs `body`; when it throws, only what it did is undone, and the transaction goes on.
  @discardableResult
  public func savepoint<T>(_ body: (Transaction) throws -> T) throws -> T {
    let connection = try usable()
    savepoints += 1
    let name = "weir_\(savepoints)"
    try connection.executeScript("SAVEPOINT \(name)")
    do {
      let value = try body(self)
      try connection.executeScript("RELEASE SAVEPOINT \(name)")
      return value
    } catch {
      // When this fails too, the transaction is lost as a whole, and COMMIT says so.
      try? connection.executeScript("ROLLBACK TO SAVEPOINT \(name); RELEASE SAVEPOINT \(name)")
      throw error
    }
  }

  static func opening(isolation: Isolation, access: Access, deadline: Duration?) -> String {
    var text = "BEGIN"
    switch isolation {
    case .serverDefault: break
    case .readCommitted: text += " ISOLATION LEVEL READ COMMITTED"
    case .repeatableRead: text += " ISOLATION LEVEL REPEATABLE READ"
    case .serializable: text += " ISOLATION LEVEL SERIALIZABLE"
    }
    if access == .readOnly { text += " READ ONLY" }
    if let deadline { text += "; SET LOCAL statement_timeout = \(max(1, deadline.milliseconds))" }
    return text
  }

  func commit() throws(DatabaseError) {
    let connection = try usable()
    isOpen = false
    try connection.commit()
  }

  func rollback() {
    isOpen = false
    connection.rollbackIfOpen()
  }

  private func usable() throws(DatabaseError) -> Connection {
    guard isOpen else { throw DatabaseError(.misuse("the transaction has ended; it lives no longer than its closure.")) }
    return connection
  }
}

@available(*, unavailable)
extension Transaction: Sendable {}
