import CPostgres
import Glibc

/// One session with the server. Every call blocks until the server has answered; one thread at a time uses it.
public final class Connection {
  let pointer: OpaquePointer
  /// What messages call this connection's server: host, port and database.
  let server: String
  /// Ends the running statement from any other thread.
  let canceller: Canceller
  private var statements: StatementCache?
  private let notices: NoticeLog
  /// What every transaction begins with, where a session's settings do not last; else empty.
  private let localSettings: String

  /// Connects and puts the session's settings in force.
  init(_ configuration: DatabaseConfiguration) throws(DatabaseError) {
    let start = try ConnectionStart(configuration)
    pointer = try start.connect()
    server = start.server
    notices = NoticeLog(logger: configuration.logger)
    statements = configuration.preparedStatements ? StatementCache() : nil
    localSettings = start.localSettings
    guard let canceller = Canceller(pointer) else {
      PQfinish(pointer)
      throw DatabaseError(.connection, subject: start.server)
    }
    self.canceller = canceller
    notices.attach(to: pointer)
    let preamble = start.preamble(of: pointer)
    if !preamble.isEmpty { try executeScript(preamble) }
  }

  deinit { PQfinish(pointer) }

  /// Whether the session can be used no more.
  var isBroken: Bool { PQstatus(pointer) != CONNECTION_OK }
  var isIdle: Bool { PQtransactionStatus(pointer) == PQTRANS_IDLE }

  /// The server's process of this session, as in `pg_stat_activity.pid`.
  public var backendPID: Int32 { PQbackendPID(pointer) }

  /// Runs one statement and gives its rows; none when it returns no rows.
  public func query(_ sql: SQL) throws(DatabaseError) -> Rows {
    Rows(try run(sql))
  }

  /// Runs one statement and gives how many rows it concerned.
  @discardableResult
  public func execute(_ sql: SQL) throws(DatabaseError) -> Int {
    try run(sql).affected
  }

  /// Runs a text of any number of statements without values; what one of them returns is dropped.
  ///
  /// All of them are one transaction unless the text says otherwise by BEGIN and COMMIT.
  public func executeScript(_ text: String) throws(DatabaseError) {
    let script = SQL(trusted: text)
    try refuseNUL(in: script)
    // the statements of one text are one transaction, also without a BEGIN
    try send(needsOwnTransaction ? localSettings + text : text, of: script)
  }

  private func send(_ text: String, of script: SQL) throws(DatabaseError) {
    _ = try checked(PQsendQuery(pointer, text), of: script)
  }

  /// Whether the session's settings are not in force now, and a statement must bring them along.
  var needsOwnTransaction: Bool { !localSettings.isEmpty && isIdle }

  /// Runs `body` in a transaction: COMMIT when it returns, ROLLBACK when it throws.
  @discardableResult
  public func transaction<T>(
    isolation: Isolation = .serverDefault, access: Access = .readWrite, deadline: Duration? = nil,
    _ body: (Transaction) throws -> T
  ) throws -> T {
    guard isIdle || isBroken else {
      throw DatabaseError(.misuse("a transaction is open already; use its savepoint instead."), subject: server)
    }
    let opening = Transaction.opening(isolation: isolation, access: access, deadline: deadline)
    try send(localSettings.isEmpty ? opening : "\(opening); \(localSettings)", of: "BEGIN")
    let transaction = Transaction(self)
    do {
      let value = try body(transaction)
      try transaction.commit()
      return value
    } catch {
      transaction.rollback()
      throw error
    }
  }

  /// Forgets the named statements, as after DDL.
  func forgetStatements() {
    guard let names = statements?.removeAll(), !names.isEmpty, !isBroken else { return }
    for name in names { PQclear(PQexec(pointer, "DEALLOCATE \(name)")) }
  }

  /// Whether an idle session still stands, as far as can be known without asking the server.
  func isStillAlive() -> Bool {
    var descriptor = pollfd(fd: PQsocket(pointer), events: Int16(POLLIN), revents: 0)
    guard !isBroken, descriptor.fd >= 0 else { return false }
    // What can be read is a notice, or the reason why the server ended the session and then the end itself.
    while poll(&descriptor, 1, 0) > 0 {
      guard PQconsumeInput(pointer) == 1, PQisBusy(pointer) == 0, !isBroken else { return false }
    }
    return true
  }

  private func run(_ sql: SQL) throws(DatabaseError) -> ResultHandle {
    if let number = sql.bindings.firstWithNUL {
      throw DatabaseError(.encoding("the value of $\(number) holds U+0000."), subject: sql.summary)
    }
    if sql.bindings.count > 65_535 {
      throw DatabaseError(.misuse("a statement takes at most 65535 values; bind an array."), subject: sql.summary)
    }
    if needsOwnTransaction { return try runInOwnTransaction(sql) }
    guard var cache = statements else { return try runUnnamed(sql) }
    statements = nil  // So that the cache is uniquely held while it changes.
    defer { statements = cache }
    if let known = cache.name(of: sql.text) {
      do throws(DatabaseError) {
        return try runPrepared(known, sql)
      } catch {
        guard error.isStalePlan else { throw error }
        cache.remove(sql.text)
        // Inside a transaction the failure has ended it: only the caller can do it again.
        guard isIdle else { throw error }
        PQclear(PQexec(pointer, "DEALLOCATE \(known)"))
      }
    }
    guard let name = try prepare(sql, in: &cache) else { return try runUnnamed(sql) }
    return try runPrepared(name, sql)
  }

  // libpq takes the text as a C string: what follows U+0000 would be dropped without a word.
  func refuseNUL(in sql: SQL) throws(DatabaseError) {
    if sql.text.utf8.contains(0) { throw DatabaseError(.encoding("the statement's text holds U+0000."), subject: sql.summary) }
  }

  private func runUnnamed(_ sql: SQL) throws(DatabaseError) -> ResultHandle {
    try refuseNUL(in: sql)
    let sent = sql.bindings.withArguments { types, values, lengths, formats in
      PQsendQueryParams(pointer, sql.text, Int32(sql.bindings.count), types, values, lengths, formats, 0)
    }
    return try checked(sent, of: sql)
  }

  private func runInOwnTransaction(_ sql: SQL) throws(DatabaseError) -> ResultHandle {
    try send("BEGIN; \(localSettings)", of: "BEGIN")
    do throws(DatabaseError) {
      let result = try runUnnamed(sql)
      try commit()
      return result
    } catch {
      rollbackIfOpen()
      throw error
    }
  }

  private func runPrepared(_ name: String, _ sql: SQL) throws(DatabaseError) -> ResultHandle {
    let sent = sql.bindings.withArguments { _, values, lengths, formats in
      PQsendQueryPrepared(pointer, name, Int32(sql.bindings.count), values, lengths, formats, 0)
    }
    return try checked(sent, of: sql)
  }

  /// The name of the new prepared statement; nil for a statement that has no plan worth keeping.
  private func prepare(_ sql: SQL, in cache: inout StatementCache) throws(DatabaseError) -> String? {
    guard sql.isWorthPreparing else { return nil }
    try refuseNUL(in: sql)
    if let evicted = cache.evictIfFull() { PQclear(PQexec(pointer, "DEALLOCATE \(evicted)")) }
    let name = cache.newName()
    let sent = sql.bindings.withArguments { types, _, _, _ in
      PQsendPrepare(pointer, name, sql.text, Int32(sql.bindings.count), types)
    }
    _ = try checked(sent, of: sql)
    cache.insert(sql.text, name: name)
    return name
  }

  /// Waits for the answer of what was sent, and turns it into a result or an error.
  func checked(_ sent: Int32, of sql: SQL) throws(DatabaseError) -> ResultHandle {
    guard sent == 1 else { throw refused(sql) }
    return try judged(answer(), of: sql)
  }

  func judged(_ result: OpaquePointer?, of sql: SQL) throws(DatabaseError) -> ResultHandle {
    guard let result else { throw lost(during: sql) }
    let handle = ResultHandle(result, statement: sql)
    if handle.isOK { return handle }
    switch PQresultStatus(result) {
    case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
      leaveCopy()
      throw DatabaseError(.misuse("COPY runs by copyIn or copyOut, not as a query."), subject: sql.summary)
    default:
      throw failure(of: handle, sql)
    }
  }

  /// The first failure, or else the last result; at the start of a COPY, that.
  ///
  /// PQexec would keep the last failure, which for an ended session is libpq's "closed unexpectedly" and hides the
  /// server's reason.
  func answer() -> OpaquePointer? {
    var kept: OpaquePointer?
    while let result = PQgetResult(pointer) {
      if let earlier = kept {
        if PQresultStatus(earlier) == PGRES_FATAL_ERROR {
          PQclear(result)
          continue
        }
        PQclear(earlier)
      }
      kept = result
      switch PQresultStatus(result) {
      case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH: return result
      default: continue
      }
    }
    return kept
  }

  // libpq sends nothing over a dead connection, or what is too large for its buffer.
  func refused(_ sql: SQL) -> DatabaseError {
    if isBroken { return lost(during: sql) }
    return DatabaseError(
      .misuse("libpq refused the statement."), subject: sql.summary, rawText: String(cString: PQerrorMessage(pointer)))
  }

  func failure(of handle: ResultHandle, _ sql: SQL) -> DatabaseError {
    let report = PQresultErrorField(handle.pointer, Int32(UInt8(ascii: "C"))).map { _ in ServerReport(handle.pointer) }
    if isBroken {
      return DatabaseError(.connection, subject: server, report: report, rawText: String(cString: PQerrorMessage(pointer)))
    }
    guard let report else {
      let text = String(cString: PQresultErrorMessage(handle.pointer))
      return DatabaseError(.misuse("libpq could not take the answer."), subject: sql.summary, rawText: text)
    }
    return DatabaseError(.server(sqlstate: report.sqlstate), subject: sql.summary, report: report)
  }

  func lost(during sql: SQL) -> DatabaseError {
    let text = String(cString: PQerrorMessage(pointer))
    return DatabaseError(.connection, subject: server, rawText: text + "during: " + sql.summary)
  }

  // Ends a COPY that nobody asked for as such.
  private func leaveCopy() {
    PQputCopyEnd(pointer, "not started by copyIn")
    _ = canceller.cancel()
    var row: UnsafeMutablePointer<CChar>?
    while PQgetCopyData(pointer, &row, 0) > 0 { PQfreemem(row) }
    drain()
  }

  /// Reads what is left of the running statement's answer.
  func drain() {
    while let rest = PQgetResult(pointer) { PQclear(rest) }
  }
}

@available(*, unavailable)
extension Connection: Sendable {}
