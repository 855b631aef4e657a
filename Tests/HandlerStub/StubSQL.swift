import HandlerKit

/// `weir.sql/1` without a server: it keeps what it is told, and answers as the test says.
public final class StubSQL {
  /// What was done, in order: "begin geo {..}", the statements with their values, "copy 12 bytes", "commit", "roll back".
  public internal(set) var history: [String] = []
  /// The answer of a statement, by how it begins; others give no rows.
  public var answers: [String: (columns: [String], rows: [[String?]])] = [:]
  /// The status of a statement that fails, by how it begins.
  public var failing: [String: Int] = [:]

  func answer(to sql: String) -> JSONText {
    let found = answers.first { sql.hasPrefix($0.key) }?.value
    let rows = (found?.rows ?? []).map { row in JSONText.array(row.map { $0.map { JSONText($0) } ?? .null }) }
    return .object([
      "columns": .array((found?.columns ?? []).map { JSONText($0) }), "rows": .array(rows), "affected": JSONText(rows.count),
    ])
  }
}
