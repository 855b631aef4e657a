import CPostgres

/// One transaction of a handler, or, with `commitsEach`, a row of single statements. One thread at a time uses it.
///
/// Every call blocks and ends within moments once its `cancel` says true, by asking the server to end the statement.
public final class GuestSession: @unchecked Sendable {  // its holder lets one thread at a time in
  let connection: GuestConnection
  let options: GuestOptions
  private var isCopying = false
  private var isOpen = true

  /// As WEIR_MAX_BYTES, with room for what is around the rows.
  static let mostBytes = (64 << 20) - 64

  init(_ connection: GuestConnection, _ options: GuestOptions) {
    self.connection = connection
    self.options = options
  }

  /// Runs one statement. A value of nil is NULL.
  ///
  /// - Throws: `.misuse` for what opens or ends a transaction, before it is sent; `.tooLarge` for more rows than one answer
  ///   carries, which fails the transaction as any refused statement does.
  public func exec(_ sql: String, _ values: [ArraySlice<UInt8>?], cancel: () -> Bool) throws(GuestError) -> GuestAnswer {
    try check()
    if let refusal = GuestStatement(sql).refusal { throw misuse(refusal) }
    var bindings = Bindings()
    bindings.reserve(values.count)
    for value in values {
      if let value { bindings.append(text: value) } else { bindings.appendNull(type: .unknown) }
    }
    try connection.send(sql, bindings, cancel)
    PQsetSingleRowMode(connection.pointer)
    return try answer(cancel)
  }

  /// Opens `COPY ... FROM STDIN`; until `copyEnd` nothing but `copyData` and `end` work.
  public func copyIn(_ sql: String, cancel: () -> Bool) throws(GuestError) {
    try check()
    guard GuestStatement(sql).isCopy else { throw misuse("copy_in takes COPY ... FROM STDIN, nothing else") }
    try connection.send(sql, Bindings(), cancel)
    guard let result = try connection.next(cancel) else { throw connection.lost() }
    if PQresultStatus(result.pointer) == PGRES_COPY_IN {
      isCopying = true
      return
    }
    var failure = misuse("it is not COPY ... FROM STDIN")
    if !result.isOK, PQresultStatus(result.pointer) == PGRES_FATAL_ERROR { failure = refused(result, cancel) }
    if PQresultStatus(result.pointer) == PGRES_COPY_OUT || PQresultStatus(result.pointer) == PGRES_COPY_BOTH { connection.stop() }
    try connection.drain()
    try failTransaction()
    throw failure
  }

  /// Sends data, cut anywhere; returns when the server's side has taken it.
  public func copyData(_ bytes: ArraySlice<UInt8>, cancel: () -> Bool) throws(GuestError) {
    guard isOpen, isCopying else { throw misuse("no COPY is open") }
    while true {
      let taken = bytes.withUnsafeBytes { raw in
        PQputCopyData(connection.pointer, raw.bindMemory(to: CChar.self).baseAddress, Int32(raw.count))
      }
      guard taken >= 0 else { throw connection.lost() }
      try connection.flush(cancel)
      if taken == 1 { break }
    }
    if cancel() { throw cancelled() }
  }

  /// Ends the COPY and gives the rows stored. Here the server says what was wrong with the data.
  public func copyEnd(cancel: () -> Bool) throws(GuestError) -> Int {
    guard isOpen, isCopying else { throw misuse("no COPY is open") }
    isCopying = false
    while case let sent = PQputCopyEnd(connection.pointer, nil), sent != 1 {
      guard sent == 0 else { throw connection.lost() }
      try connection.flush(cancel)
    }
    try connection.flush(cancel)
    var rows = 0
    var failure: GuestError?
    while let result = try connection.next(cancel) {
      if !result.isOK, failure == nil { failure = refused(result, cancel) }
      rows = max(rows, result.affected)
    }
    if let failure { throw failure }
    return rows
  }

  /// Ends the transaction, whatever state it is in; the session is over, whatever this does.
  ///
  /// - Throws: `.rolledBack` when a statement had failed or a COPY was open; `.unreachable` after a commit: the outcome is unknown.
  public func end(commits: Bool, cancel: () -> Bool) throws(GuestError) {
    guard isOpen else { throw misuse("the session has ended") }
    isOpen = false
    let wasCopying = isCopying
    if isCopying {
      try connection.leaveCopyIn()
      try connection.drain()
    }
    if connection.isBroken { throw commits ? unknown() : connection.lost() }
    let isWanted = commits && !cancel()
    if connection.isIdle {
      if commits, wasCopying { throw GuestError(.rolledBack, connection.database, "a COPY was still open: it was given up") }
      return
    }
    let result: ResultHandle
    do throws(GuestError) {
      result = try connection.script(isWanted ? "COMMIT" : "ROLLBACK", cancel)
    } catch {
      throw error.code == .unreachable && isWanted ? unknown() : error
    }
    guard commits else { return }
    if !isWanted { throw cancelled() }
    if PQcmdStatus(result.pointer).map({ String(cString: $0) }) == "ROLLBACK" {
      let why = wasCopying ? "a COPY was still open" : "a statement had failed"
      throw GuestError(.rolledBack, connection.database, "\(why), so the transaction was rolled back: nothing was stored")
    }
  }

  var hasEnded: Bool { !isOpen }

  private func check() throws(GuestError) {
    guard isOpen else { throw misuse("the session has ended") }
    guard !isCopying else { throw misuse("a COPY is open: copy_end() it first") }
    if connection.isBroken { throw connection.lost() }
  }

  private func answer(_ cancel: () -> Bool) throws(GuestError) -> GuestAnswer {
    var answer = GuestAnswer()
    var last: ResultHandle?
    var failure: GuestError?
    while let result = try connection.next(cancel) {
      switch PQresultStatus(result.pointer) {
      case PGRES_SINGLE_TUPLE where failure == nil:
        answer.append(result.pointer)
        if answer.json.count > Self.mostBytes {
          failure = GuestError(
            .tooLarge(limit: Self.mostBytes), connection.database, "the rows are more than 64 MiB: DECLARE a cursor and FETCH")
          answer = GuestAnswer()
          connection.stop()
        }
      case PGRES_SINGLE_TUPLE: continue
      case PGRES_COPY_IN:
        failure = failure ?? misuse("COPY ... FROM STDIN is for copy_in")
        try connection.leaveCopyIn()
      case PGRES_COPY_OUT, PGRES_COPY_BOTH:
        failure = failure ?? misuse("COPY ... TO STDOUT is not offered: SELECT, or DECLARE a cursor and FETCH")
        connection.leaveCopyOut()
      default:
        if !result.isOK, failure == nil { failure = refused(result, cancel) }
        last = result
      }
    }
    try connection.drain()
    if let failure {
      try failTransaction()
      throw failure
    }
    answer.finish(last?.pointer)
    if answer.json.count > Self.mostBytes {
      try failTransaction()
      throw GuestError(.tooLarge(limit: Self.mostBytes), connection.database, "the rows are more than 64 MiB: DECLARE a cursor and FETCH")
    }
    return answer
  }

  /// After a failed call only ROLLBACK TO a savepoint or `end` work, also where the server had nothing against it.
  private func failTransaction() throws(GuestError) {
    guard !connection.isBroken, PQtransactionStatus(connection.pointer) == PQTRANS_INTRANS else { return }
    do throws(GuestError) {
      _ = try connection.script("failed")  // no statement: a syntax error, which fails the transaction
    } catch {
      if error.code == .unreachable { throw error }
    }
  }

  private func refused(_ result: ResultHandle, _ cancel: () -> Bool) -> GuestError {
    let error = GuestError(result.pointer, connection.database)
    return error.sqlstate == "57014" && cancel() ? cancelled() : error
  }

  private func misuse(_ text: String) -> GuestError { GuestError(.misuse, connection.database, text) }
  private func cancelled() -> GuestError { GuestError(.cancelled, connection.database, "the task was cancelled") }

  private func unknown() -> GuestError {
    GuestError(
      .unreachable, connection.database,
      "the connection was lost while the transaction was committed: whether it was is unknown, look before you repeat it")
  }
}
