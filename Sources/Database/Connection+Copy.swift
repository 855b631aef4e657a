import CPostgres

extension Connection {
  /// Runs `COPY ... FROM STDIN`, fed by `body`, and gives the number of rows stored.
  ///
  /// When `body` throws, the COPY is called off, nothing of it is stored, and the error passes. The server reports a
  /// bad row at the end of the data.
  @discardableResult
  public func copyIn(_ sql: SQL, _ body: (borrowing CopyWriter) throws -> Void) throws -> Int {
    if needsOwnTransaction { return try transaction { try $0.copyIn(sql, body) } }
    try startCopy(sql, expecting: PGRES_COPY_IN)
    let writer = CopyWriter(pointer)
    do {
      try body(writer)
      try writer.flush()
    } catch {
      PQputCopyEnd(pointer, "called off by the client")
      drain()
      throw error
    }
    PQputCopyEnd(pointer, nil)
    return try finishCopy(sql)
  }

  /// Runs `COPY ... TO STDOUT`, gives `row` each row's bytes (a line of text or CSV ends with its newline; in binary
  /// format the first has the header), and returns the number of rows.
  ///
  /// When `row` throws, the COPY is cancelled and the error passes; an open transaction is failed by that.
  @discardableResult
  public func copyOut(_ sql: SQL, _ row: ([UInt8]) throws -> Void) throws -> Int {
    if needsOwnTransaction { return try transaction { try $0.copyOut(sql, row) } }
    try startCopy(sql, expecting: PGRES_COPY_OUT)
    var data: UnsafeMutablePointer<CChar>?
    while case let length = PQgetCopyData(pointer, &data, 0), length > 0, let bytes = data {
      let line = Array(UnsafeRawBufferPointer(start: bytes, count: Int(length)))
      PQfreemem(bytes)
      do {
        try row(line)
      } catch {
        abandonCopyOut()
        throw error
      }
    }
    return try finishCopy(sql)
  }

  private func startCopy(_ sql: SQL, expecting status: ExecStatusType) throws(DatabaseError) {
    guard sql.bindings.count == 0 else {
      throw DatabaseError(.misuse("COPY takes no bound values; put them into a query or a table."), subject: sql.summary)
    }
    try refuseNUL(in: sql)
    guard PQsendQuery(pointer, sql.text) == 1 else { throw refused(sql) }
    let result = answer()
    if let result, PQresultStatus(result) == status { return PQclear(result) }
    _ = try judged(result, of: sql)
    throw DatabaseError(.misuse("this is not a COPY in the direction asked for."), subject: sql.summary)
  }

  private func finishCopy(_ sql: SQL) throws(DatabaseError) -> Int {
    try judged(answer(), of: sql).affected
  }

  private func abandonCopyOut() {
    _ = canceller.cancel()
    var data: UnsafeMutablePointer<CChar>?
    while PQgetCopyData(pointer, &data, 0) > 0 { PQfreemem(data) }
    drain()
  }
}
