import CPostgres

/// Owns one libpq result and clears it once.
final class ResultHandle: @unchecked Sendable {  // nothing writes to a PGresult after libpq has returned it
  let pointer: OpaquePointer
  /// The statement's first words, for messages.
  let statement: SQL?

  init(_ pointer: OpaquePointer, statement: SQL? = nil) {
    self.pointer = pointer
    self.statement = statement
  }

  deinit { PQclear(pointer) }

  var subject: String? { statement?.summary }

  /// How many rows an INSERT, UPDATE, DELETE, MERGE, SELECT or COPY concerned; 0 for other statements.
  var affected: Int {
    PQcmdTuples(pointer).flatMap { Int(String(cString: $0)) } ?? 0
  }

  var isOK: Bool {
    switch PQresultStatus(pointer) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: true
    default: false
    }
  }
}
