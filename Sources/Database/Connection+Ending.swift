import CPostgres

extension Connection {
  /// - Throws: `.rolledBack` when the server answers COMMIT with ROLLBACK, which it does after a failed statement.
  func commit() throws(DatabaseError) {
    let result = try checked(PQsendQuery(pointer, "COMMIT"), of: "COMMIT")
    if let tag = PQcmdStatus(result.pointer), String(cString: tag) == "ROLLBACK" {
      throw DatabaseError(.rolledBack, subject: server)
    }
  }

  /// Leaves the session without an open transaction, or broken.
  func rollbackIfOpen() {
    guard !isBroken, !isIdle else { return }
    PQclear(PQexec(pointer, "ROLLBACK"))
  }
}
