import Database
import TestSupport
import Testing

@Suite struct TransactionTests {
  private static func withTable() throws -> TestDatabase {
    let test = try TestDatabase.make()
    try test.database.withConnection { connection in
      try connection.executeScript("CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL DEFAULT 0)")
    }
    return test
  }

  private static func count(_ test: TestDatabase) throws -> Int {
    try Make.one("SELECT count(*) FROM t", in: test.database).int(0)
  }

  @Test func `what returns is committed`() throws {
    let test = try Self.withTable()
    let affected = try test.database.transaction { try $0.execute("INSERT INTO t SELECT generate_series(1, 3)") }
    #expect(affected == 3)
    #expect(try Self.count(test) == 3)
  }

  @Test func `what throws is rolled back, and the error passes`() throws {
    let test = try Self.withTable()
    #expect(throws: Unwanted.self) {
      try test.database.transaction { transaction in
        try transaction.execute("INSERT INTO t VALUES (1)")
        throw Unwanted()
      }
    }
    #expect(try Self.count(test) == 0)
  }

  @Test func `a savepoint undoes its own part alone`() throws {
    let test = try Self.withTable()
    try test.database.transaction { transaction in
      try transaction.execute("INSERT INTO t VALUES (1)")
      #expect(throws: DatabaseError.self) {
        try transaction.savepoint { inner in
          try inner.execute("INSERT INTO t VALUES (2)")
          try inner.execute("INSERT INTO t VALUES (1)")
        }
      }
      try transaction.savepoint { inner in
        try inner.savepoint { try $0.execute("INSERT INTO t VALUES (3)") }
      }
    }
    let ids = try Make.one("SELECT array_agg(id ORDER BY id) FROM t", in: test.database).ints(0)
    #expect(ids == [1, 3])
  }

  @Test func `a failure that was swallowed is told at commit`() throws {
    let test = try Self.withTable()
    let error = #expect(throws: DatabaseError.self) {
      try test.database.transaction { transaction in
        try transaction.execute("INSERT INTO t VALUES (1)")
        _ = try? transaction.execute("INSERT INTO t VALUES (1)")
      }
    }
    #expect(error?.code == .rolledBack)
    #expect(try Self.count(test) == 0)
  }

  @Test func `a transaction cannot be used after its closure`() throws {
    let test = try Self.withTable()
    var kept: Transaction?
    try test.database.transaction { kept = $0 }
    let error = #expect(throws: DatabaseError.self) { _ = try kept?.query("SELECT 1") }
    #expect(error?.message == "the transaction has ended; it lives no longer than its closure.")
  }

  @Test func `a second transaction on one connection is refused`() throws {
    let test = try Self.withTable()
    try test.database.withConnection { connection in
      try connection.transaction { _ in
        #expect(throws: DatabaseError.self) { try connection.transaction { _ in } }
      }
    }
  }

  @Test func `read only and isolation are put in force`() throws {
    let test = try Self.withTable()
    let error = #expect(throws: DatabaseError.self) {
      try test.database.transaction(access: .readOnly) { try $0.execute("INSERT INTO t VALUES (1)") }
    }
    #expect(error?.sqlstate == "25006")
    let level = try test.database.transaction(isolation: .serializable) {
      try $0.query("SHOW transaction_isolation").one().string(0)
    }
    #expect(level == "serializable")
  }

  @Test func `a deadline ends a statement and does not stay`() throws {
    let test = try Self.withTable()
    let error = #expect(throws: DatabaseError.self) {
      try test.database.transaction(deadline: .milliseconds(50)) { _ = try $0.query("SELECT pg_sleep(600)") }
    }
    #expect(error?.sqlstate == "57014")
    #expect(try Make.one("SHOW statement_timeout", in: test.database).string(0) == "0")
  }

  @Test func `a serialization failure is tried again`() async throws {
    let test = try Self.withTable()
    try test.database.withConnection { _ = try $0.execute("INSERT INTO t VALUES (1)") }
    let attempts = try await collide(test) { transaction, _ in
      _ = try transaction.query("SELECT n FROM t WHERE id = 1")
    } second: { transaction, _ in
      try transaction.execute("UPDATE t SET n = n + 1 WHERE id = 1")
    }
    #expect(attempts == 3)
    #expect(try Make.one("SELECT n FROM t WHERE id = 1", in: test.database).int(0) == 2)
  }

  @Test func `a deadlock is tried again`() async throws {
    let test = try Self.withTable()
    try test.database.withConnection { _ = try $0.execute("INSERT INTO t VALUES (1), (2)") }
    let attempts = try await collide(test) { transaction, me in
      // they look for a deadlock at different times, so that PostgreSQL ends only one
      try transaction.execute(me == 1 ? "SET LOCAL deadlock_timeout = '100ms'" : "SET LOCAL deadlock_timeout = '10s'")
      try transaction.execute("UPDATE t SET n = n + 1 WHERE id = \(me)")
    } second: { transaction, me in
      try transaction.execute("UPDATE t SET n = n + 1 WHERE id = \(3 - me)")
    }
    #expect(attempts == 3)
    #expect(try Make.one("SELECT sum(n) FROM t", in: test.database).int(0) == 4)
  }

  @Test func `other failures are not tried again`() throws {
    let test = try Self.withTable()
    var attempts = 0
    #expect(throws: DatabaseError.self) {
      try test.database.retryingTransaction { transaction in
        attempts += 1
        try transaction.execute("SELECT 1 / 0")
      }
    }
    #expect(attempts == 1)
  }

  @Test func `attempts have an end`() throws {
    let test = try Self.withTable()
    var attempts = 0
    let error = #expect(throws: DatabaseError.self) {
      try test.database.retryingTransaction(attempts: 3) { transaction in
        attempts += 1
        try transaction.execute("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$")
      }
    }
    #expect(error?.isRetryable == true)
    #expect(attempts == 3)
  }

  /// Two transactions that both did `first` before either does `second`; gives how many attempts they took together.
  private func collide(
    _ test: TestDatabase, first: @escaping @Sendable (Transaction, Int) throws -> Void,
    second: @escaping @Sendable (Transaction, Int) throws -> Void
  ) async throws -> Int {
    let meeting = Meeting(of: 2)
    return try await withThrowingTaskGroup(of: Int.self) { group in
      for me in 1...2 {
        group.addTask {
          try await onOwnThread {
            var attempts = 0
            try test.database.retryingTransaction(isolation: .repeatableRead) { transaction in
              attempts += 1
              try first(transaction, me)
              if attempts == 1 { meeting.wait() }
              try second(transaction, me)
            }
            return attempts
          }
        }
      }
      return try await group.reduce(0, +)
    }
  }
}
