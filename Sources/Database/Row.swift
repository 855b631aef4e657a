import CPostgres
public import FoundationEssentials
import Glibc

/// What names a column of a row: its name, or its place from 0.
public protocol ColumnKey {
  func place(in row: Row) -> Int32
}

extension Int: ColumnKey {
  public func place(in row: Row) -> Int32 { Int32(clamping: self) }
}

extension String: ColumnKey {
  public func place(in row: Row) -> Int32 { row.place(named: self) }
}

/// One row of an answer: `try row.int("id")`, `try row.string(0)`, `row["title"].isNull`.
///
/// The readers throw `.decoding` when the column is not in the answer, holds another type, or is NULL; those that end
/// in `OrNil` give nil for NULL.
public struct Row: Sendable {
  let result: ResultHandle
  let number: Int32

  public subscript(key: some ColumnKey) -> Column {
    Column(result: result, row: number, place: key.place(in: self))
  }

  public func isNull(_ key: some ColumnKey) -> Bool { self[key].isNull }

  public func int(_ key: some ColumnKey) throws(DatabaseError) -> Int { try self[key].int() }
  public func double(_ key: some ColumnKey) throws(DatabaseError) -> Double { try self[key].double() }
  public func bool(_ key: some ColumnKey) throws(DatabaseError) -> Bool { try self[key].bool() }
  public func string(_ key: some ColumnKey) throws(DatabaseError) -> String { try self[key].string() }
  /// A `bytea`.
  public func bytes(_ key: some ColumnKey) throws(DatabaseError) -> [UInt8] { try self[key].bytes() }
  /// The bytes of the text that PostgreSQL gives for any type: JSON passes through unread.
  public func text(_ key: some ColumnKey) throws(DatabaseError) -> [UInt8] { try self[key].text() }
  /// A `timestamptz`, `timestamp` (taken as UTC) or `date`.
  public func date(_ key: some ColumnKey) throws(DatabaseError) -> Date { try self[key].date() }
  public func ints(_ key: some ColumnKey) throws(DatabaseError) -> [Int] { try self[key].ints() }
  public func strings(_ key: some ColumnKey) throws(DatabaseError) -> [String] { try self[key].strings() }

  public func intOrNil(_ key: some ColumnKey) throws(DatabaseError) -> Int? {
    let column = self[key]
    return column.isNull ? nil : try column.int()
  }

  public func doubleOrNil(_ key: some ColumnKey) throws(DatabaseError) -> Double? {
    let column = self[key]
    return column.isNull ? nil : try column.double()
  }

  public func boolOrNil(_ key: some ColumnKey) throws(DatabaseError) -> Bool? {
    let column = self[key]
    return column.isNull ? nil : try column.bool()
  }

  public func stringOrNil(_ key: some ColumnKey) throws(DatabaseError) -> String? {
    let column = self[key]
    return column.isNull ? nil : try column.string()
  }

  public func bytesOrNil(_ key: some ColumnKey) throws(DatabaseError) -> [UInt8]? {
    let column = self[key]
    return column.isNull ? nil : try column.bytes()
  }

  public func textOrNil(_ key: some ColumnKey) throws(DatabaseError) -> [UInt8]? {
    let column = self[key]
    return column.isNull ? nil : try column.text()
  }

  public func dateOrNil(_ key: some ColumnKey) throws(DatabaseError) -> Date? {
    let column = self[key]
    return column.isNull ? nil : try column.date()
  }

  // PQfnumber folds case and allocates; a plain comparison over the few columns is cheaper and exact.
  func place(named name: String) -> Int32 {
    var name = name
    return name.withUTF8 { wanted in
      guard let start = wanted.baseAddress else { return -1 }
      return (0..<PQnfields(result.pointer)).first { place in
        guard let candidate = PQfname(result.pointer, place) else { return false }
        return strncmp(candidate, start, wanted.count) == 0 && candidate[wanted.count] == 0
      } ?? -1
    }
  }
}
