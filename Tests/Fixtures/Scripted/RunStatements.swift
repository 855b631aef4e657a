import HandlerKit

/// Runs the statements of its params in one session and tells what came of each.
struct RunStatements: Handler {
  static let name = "scripted.sql"
  static let version = "1.0.0"
  static let optional: [Service] = [.sql]
  static let isIdempotent = true
  static let params: Schema = #"{"type":"object"}"#

  struct Statement: Decodable {
    var sql: String
    var values: [String?]?
    /// Pieces of a COPY.
    var copy: [String]?
  }

  struct Params: Decodable {
    var database: String
    var isolation: String?
    var read_only: Bool?
    var autocommit: Bool?
    var lock_timeout_ms: Int?
    var statements: [Statement]
    /// Throws what a statement threw.
    var strict: Bool?
    /// Ends without storing anything.
    var give_up: Bool?
  }

  struct Answer: Encodable {
    var rows: [[String?]]?
    var affected: Int?
    var error: String?
    var status: Int32?
  }

  struct Result: Encodable {
    var answers: [Answer]
    var end: String?
  }

  private struct GivenUp: Error {}

  func run(_ params: Params, _ task: Task) throws -> Result {
    let database = task.database(params.database)
    var answers: [Answer] = []
    let options = SQLOptions(
      isolation: params.isolation.flatMap { SQLOptions.Isolation(rawValue: $0) }, isReadOnly: params.read_only ?? false,
      lockTimeout: params.lock_timeout_ms.map { .milliseconds($0) })
    func body(_ session: SQLSession) throws {
      for statement in params.statements {
        do {
          answers.append(try take(statement, session))
        } catch let error as HandlerError where params.strict != true {
          answers.append(Answer(error: error.message, status: error.status.code))
        }
      }
      if params.give_up == true { throw GivenUp() }
    }
    do {
      if params.autocommit == true {
        try database.withAutocommit(lockTimeout: options.lockTimeout, body)
      } else {
        try database.transaction(options, body)
      }
    } catch is GivenUp {
      return Result(answers: answers, end: "given up")
    } catch let error as HandlerError where params.strict != true {
      return Result(answers: answers, end: error.message)
    }
    return Result(answers: answers)
  }

  private func take(_ statement: Statement, _ session: SQLSession) throws -> Answer {
    if let pieces = statement.copy {
      return Answer(affected: try session.copy(statement.sql) { copy in for piece in pieces { try copy.write(piece) } })
    }
    let rows = try session.execute(statement.sql, statement.values ?? [])
    return Answer(rows: Array(rows), affected: rows.affected)
  }
}

/// Runs one statement in a session that it never ends, and returns or waits to be stopped.
struct LeaveSession: Handler {
  static let name = "scripted.leave"
  static let version = "1.0.0"
  static let optional: [Service] = [.sql]
  static let isIdempotent = true
  static let params: Schema = #"{"type":"object"}"#

  struct Params: Decodable {
    var database: String
    var sql: String
    /// Ends the process while the transaction is open.
    var dies: Bool?
  }

  func run(_ params: Params, _ task: Task) throws -> NoResult {
    try task.database(params.database).transaction { session in
      try session.execute(params.sql)
      if params.dies == true { fatalError("as asked") }
      try session.execute("SELECT pg_sleep(600)")
    }
    return NoResult()
  }
}
