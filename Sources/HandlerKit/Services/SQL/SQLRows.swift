/// What a statement gave. Values are PostgreSQL's text; nil is NULL.
public struct SQLRows: Sendable, RandomAccessCollection {
  public let columns: [String]
  /// Rows that an INSERT, UPDATE, DELETE, MERGE, SELECT or FETCH concerned.
  public let affected: Int
  private let rows: [[String?]]

  init(_ json: JSONText) {
    columns = json["columns"]?.elements.map { $0.string ?? "" } ?? []
    rows = json["rows"]?.elements.map { $0.elements.map(\.string) } ?? []
    affected = json["affected"]?.int ?? 0
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { rows.count }
  public subscript(row: Int) -> [String?] { rows[row] }

  /// The only value of the only row; nil if it is NULL or there is not just one.
  public var value: String? { rows.count == 1 && rows[0].count == 1 ? rows[0][0] : nil }
}
