import CPostgres
public import FoundationEssentials

/// One value of a row, in PostgreSQL's text form until it is read.
public struct Column: Sendable {
  let result: ResultHandle
  let row: Int32
  /// Outside 0..<columns when the answer has no such column.
  let place: Int32

  /// True for NULL. A column that is not in the answer is not NULL: reading it throws.
  public var isNull: Bool {
    exists && PQgetisnull(result.pointer, row, place) == 1
  }

  public func int() throws(DatabaseError) -> Int {
    try read("integer") { bytes in Self.integer(bytes) }
  }

  public func double() throws(DatabaseError) -> Double {
    try read("number") { bytes in Double(String(decoding: bytes, as: UTF8.self)) }
  }

  public func bool() throws(DatabaseError) -> Bool {
    try read("boolean") { bytes in
      guard bytes.count == 1 else { return nil }
      return bytes[0] == UInt8(ascii: "t") ? true : bytes[0] == UInt8(ascii: "f") ? false : nil
    }
  }

  public func string() throws(DatabaseError) -> String {
    try read("text") { bytes in String(decoding: bytes, as: UTF8.self) }
  }

  /// The text's bytes, of any type.
  public func text() throws(DatabaseError) -> [UInt8] {
    try read("text") { bytes in Array(bytes) }
  }

  /// A `bytea`.
  public func bytes() throws(DatabaseError) -> [UInt8] {
    try read("bytea") { bytes in Hexadecimal.bytes(of: bytes) }
  }

  public func date() throws(DatabaseError) -> Date {
    try read("timestamp") { bytes in Timestamp.date(of: bytes) }
  }

  /// A one-dimensional array of integers without NULL.
  public func ints() throws(DatabaseError) -> [Int] {
    try elements("array of integers") { bytes in bytes.withUnsafeBufferPointer(Self.integer) }
  }

  /// A one-dimensional array without NULL, each element in its text form.
  public func strings() throws(DatabaseError) -> [String] {
    try elements("array of texts") { bytes in String(decoding: bytes, as: UTF8.self) }
  }

  /// Lends the text without copying it.
  public func withText<T>(_ body: (UnsafeBufferPointer<UInt8>) throws -> T) throws -> T {
    guard let bytes = buffer else { throw failure("text") }
    return try body(bytes)
  }

  private var exists: Bool { place >= 0 && place < PQnfields(result.pointer) }

  /// The value's bytes; nil for NULL and for a missing column.
  private var buffer: UnsafeBufferPointer<UInt8>? {
    guard exists, PQgetisnull(result.pointer, row, place) == 0, let value = PQgetvalue(result.pointer, row, place) else {
      return nil
    }
    let length = Int(PQgetlength(result.pointer, row, place))
    return UnsafeBufferPointer(start: UnsafeRawPointer(value).assumingMemoryBound(to: UInt8.self), count: length)
  }

  private func read<T>(_ wanted: String, _ decode: (UnsafeBufferPointer<UInt8>) -> T?) throws(DatabaseError) -> T {
    guard let bytes = buffer, let value = decode(bytes) else { throw failure(wanted) }
    return value
  }

  private func elements<T>(_ wanted: String, _ decode: ([UInt8]) -> T?) throws(DatabaseError) -> [T] {
    try read(wanted) { bytes in
      guard let elements = ArrayText.elements(of: bytes) else { return nil }
      var values: [T] = []
      values.reserveCapacity(elements.count)
      for element in elements {
        guard let element, let value = decode(element) else { return nil }
        values.append(value)
      }
      return values
    }
  }

  private func failure(_ wanted: String) -> DatabaseError {
    guard exists else {
      return DatabaseError(.decoding(column: "that the answer does not have", wanted: wanted), subject: result.subject)
    }
    let name = PQfname(result.pointer, place).map { String(cString: $0) } ?? "\(place)"
    let wantedNonNull = isNull ? "\(wanted): it is NULL" : wanted
    return DatabaseError(.decoding(column: "\"\(name)\"", wanted: wantedNonNull), subject: result.subject)
  }

  private static func integer(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    let isNegative = bytes.first == UInt8(ascii: "-")
    guard bytes.count > (isNegative ? 1 : 0), bytes.count <= 20 else { return nil }
    var value = 0
    for byte in bytes[(isNegative ? 1 : 0)...] {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      let (tenfold, overflowed) = value.multipliedReportingOverflow(by: 10)
      let (next, overflowedToo) = tenfold.subtractingReportingOverflow(Int(digit))
      if overflowed || overflowedToo { return nil }
      value = next
    }
    // Summed up as a negative number, because Int.min has no positive counterpart.
    return isNegative ? value : value == Int.min ? nil : -value
  }
}
