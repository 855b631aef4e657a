import CPostgres

/// The rows of one answer. They stay in libpq's memory; a `Row` or `Column` is a view of them and costs nothing.
public struct Rows: RandomAccessCollection, Sendable {
  let result: ResultHandle
  public let count: Int

  init(_ result: ResultHandle) {
    self.result = result
    count = Int(PQntuples(result.pointer))
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  public subscript(position: Int) -> Row {
    precondition(position >= 0 && position < count, "row \(position) of \(count)")
    return Row(result: result, number: Int32(truncatingIfNeeded: position))
  }

  public var columnNames: [String] {
    (0..<PQnfields(result.pointer)).map { PQfname(result.pointer, $0).map { String(cString: $0) } ?? "" }
  }

  /// The only row.
  /// - Throws: `.decoding` when there is none, or more than one.
  public func one() throws(DatabaseError) -> Row {
    guard count == 1 else {
      throw DatabaseError(.decoding(column: "of \(count) rows", wanted: "one row"), subject: result.subject)
    }
    return self[0]
  }
}
