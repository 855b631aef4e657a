internal import HandlerABI

/// One transaction on a database, or with autocommit a row of single statements. One thread at a time uses it.
///
/// After a statement that failed only `ROLLBACK TO` a savepoint helps, or the session's end.
public final class SQLSession {
  private let task: Task
  private let database: String
  private var session: OpaquePointer?

  init(_ task: Task, _ session: OpaquePointer?, _ database: String) {
    self.task = task
    self.session = session
    self.database = database
  }

  /// Runs one statement; `$1`, `$2`, ... stand for the values, whose type their place decides or a cast, as in `$1::int`.
  ///
  /// Quote a name as `"a""b"`, or let the server do it: `SELECT format('%I', $1)`. For many rows DECLARE a cursor and FETCH.
  /// - Throws: `.conflict` for a violated constraint, `.denied` for a missing right, a retryable status where the transaction
  ///   may be run again, else `.failed`; the message ends with the SQLSTATE.
  @discardableResult
  public func execute(_ sql: String, _ values: [String?] = []) throws(HandlerError) -> SQLRows {
    let (session, table) = try open()
    var out = weir_bytes()
    let units = values.map { $0.map { Array($0.utf8) } }
    let status = Self.lend(units) { params in
      table.pointee.exec(session, sql, params, UInt32(params.count), &out)
    }
    try task.require(status, "\(database): \(Self.summary(sql))")
    do {
      return SQLRows(try JSONText(validating: task.take(&out)))
    } catch {
      throw HandlerError(.failed, "\(database): the host's answer is not JSON: \(error)")
    }
  }

  /// Runs `COPY ... FROM STDIN` with what `body` writes, cut anywhere, and gives the rows stored.
  ///
  /// What is wrong with the data may show only at the end. When `body` throws, nothing of it is stored.
  public func copy(_ sql: String, _ body: (SQLCopy) throws -> Void) throws -> Int {
    let (session, table) = try open()
    try task.require(table.pointee.copy_in(session, sql), "\(database): \(Self.summary(sql))")
    try body(
      SQLCopy { [task, database] bytes throws(HandlerError) in
        try task.require(HostBytes.lend(bytes) { table.pointee.copy_data(session, $0) }, "\(database): COPY")
      })
    var rows: UInt64 = 0
    try task.require(table.pointee.copy_end(session, &rows), "\(database): COPY")
    return Int(rows)
  }

  /// Runs `body`; when it throws, only what it did is undone, and the transaction goes on.
  @discardableResult
  public func savepoint<T>(_ body: () throws -> T) throws -> T {
    try execute("SAVEPOINT weir_kit")
    do {
      let value = try body()
      try execute("RELEASE SAVEPOINT weir_kit")
      return value
    } catch {
      try execute("ROLLBACK TO SAVEPOINT weir_kit")
      try execute("RELEASE SAVEPOINT weir_kit")
      throw error
    }
  }

  func end(commit: Bool) throws(HandlerError) {
    let (session, table) = try open()
    self.session = nil
    try task.require(table.pointee.end(session, commit ? 1 : 0), "\(database): \(commit ? "commit" : "roll back")")
  }

  deinit {
    guard let session, let (_, table) = try? door() else { return }  // after the task: the host has aborted it
    _ = table.pointee.end(session, 0)
  }

  private func door() throws(HandlerError) -> (UnsafeMutablePointer<weir_task>, UnsafePointer<weir_sql>) {
    try task.door(.sql, as: weir_sql.self)
  }

  private func open() throws(HandlerError) -> (OpaquePointer, UnsafePointer<weir_sql>) {
    let (_, table) = try door()
    guard let session else { throw HandlerError(.misuse, "\(database): the session was used after its end.") }
    return (session, table)
  }

  private static func summary(_ sql: String) -> String {
    let line = sql.split(whereSeparator: \.isNewline).first.map(String.init) ?? sql
    return line.count > 80 ? line.prefix(77) + "..." : line
  }

  /// Lends all values at once; an empty one still has an address, which tells it from NULL.
  private static func lend<T>(_ values: [[UInt8]?], _ body: ([weir_bytes]) -> T) -> T {
    var all: [weir_bytes] = []
    all.reserveCapacity(values.count)
    let size = values.reduce(0) { $0 + ($1?.count ?? 0) + 1 }
    return withUnsafeTemporaryAllocation(byteCount: max(size, 1), alignment: 1) { buffer in
      var at = 0
      for value in values {
        guard let value else {
          all.append(weir_bytes())
          continue
        }
        UnsafeMutableRawBufferPointer(rebasing: buffer[at..<(at + value.count)]).copyBytes(from: value)
        all.append(weir_bytes(data: UnsafeRawPointer(buffer.baseAddress)?.advanced(by: at), size: UInt64(value.count)))
        at += value.count + 1
      }
      return body(all)
    }
  }
}

/// Takes the data of one COPY.
public struct SQLCopy {
  private let send: (ArraySlice<UInt8>) throws(HandlerError) -> Void

  init(_ send: @escaping (ArraySlice<UInt8>) throws(HandlerError) -> Void) { self.send = send }

  /// Bytes in the format that the statement names. Blocks while the server is behind.
  public func write(_ bytes: ArraySlice<UInt8>) throws(HandlerError) { try send(bytes) }
  public func write(_ bytes: [UInt8]) throws(HandlerError) { try send(bytes[...]) }
  public func write(_ text: String) throws(HandlerError) { try send(Array(text.utf8)[...]) }
}
