import CPostgres
import Glibc

/// The bound values of one statement, in the shape that libpq takes them: one buffer, and where each value lies in it.
struct Bindings: Sendable {
  private var buffer: [UInt8] = []
  private var offsets: [Int] = []
  /// -1 marks NULL.
  private var lengths: [Int32] = []
  private var formats: [Int32] = []
  private var types: [Oid] = []
  /// The number (from 1) of the first text that holds U+0000.
  private(set) var firstWithNUL: Int?

  var count: Int { types.count }

  mutating func reserve(_ values: Int) {
    offsets.reserveCapacity(values)
    lengths.reserveCapacity(values)
    formats.reserveCapacity(values)
    types.reserveCapacity(values)
    buffer.reserveCapacity(values * 16)
  }

  mutating func append<Value: SQLValue>(_ value: Value) {
    let start = buffer.count
    value.appendSQLText(to: &buffer)
    close(from: start, type: Value.sqlType, mayHoldNUL: Value.isQuotedInArrays)
  }

  mutating func append(text bytes: some Collection<UInt8>) {
    let start = buffer.count
    buffer.append(contentsOf: bytes)
    close(from: start, type: .unknown, mayHoldNUL: true)
  }

  mutating func append(bytea bytes: [UInt8]) {
    offsets.append(buffer.count)
    buffer.append(contentsOf: bytes)
    lengths.append(Int32(clamping: bytes.count))
    formats.append(1)
    types.append(SQLType.bytea.oid)
  }

  mutating func appendNull(type: SQLType) {
    offsets.append(0)
    lengths.append(-1)
    formats.append(0)
    types.append(type.oid)
  }

  mutating func append<Value: SQLValue>(array values: [Value]) {
    let start = buffer.count
    buffer.append(UInt8(ascii: "{"))
    Value.appendSQLElements(values, to: &buffer)
    buffer.append(UInt8(ascii: "}"))
    close(from: start, type: Value.sqlArrayType, mayHoldNUL: Value.isQuotedInArrays)
  }

  mutating func append<Value: SQLValue>(array values: [Value?]) {
    appendArray(values, type: Value.sqlArrayType) { value, buffer in
      if let value { ArrayText.append(value, to: &buffer) } else { buffer.append(contentsOf: "NULL".utf8) }
    }
  }

  mutating func append(byteaArray values: [[UInt8]]) {
    appendArray(values, type: .byteaArray) { value, buffer in
      buffer.append(contentsOf: "\"\\\\x".utf8)
      Hexadecimal.append(value, to: &buffer)
      buffer.append(UInt8(ascii: "\""))
    }
  }

  mutating func append(textArray values: [some Collection<UInt8>]) {
    appendArray(values, type: .unknown) { value, buffer in
      ArrayText.appendQuoted(value, to: &buffer)
    }
  }

  mutating func append(_ other: Bindings) {
    let base = buffer.count
    if firstWithNUL == nil, let theirs = other.firstWithNUL { firstWithNUL = count + theirs }
    buffer += other.buffer
    offsets += other.offsets.map { $0 + base }
    lengths += other.lengths
    formats += other.formats
    types += other.types
  }

  /// Lends the arrays that `PQexecParams` and `PQexecPrepared` take; types are for `PQprepare` and `PQexecParams`.
  func withArguments<T>(
    _ body: (
      _ types: UnsafePointer<Oid>?, _ values: UnsafePointer<UnsafePointer<CChar>?>?, _ lengths: UnsafePointer<Int32>?,
      _ formats: UnsafePointer<Int32>?
    ) -> T
  ) -> T {
    buffer.withUnsafeBytes { bytes in
      withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: max(1, count)) { values in
        for index in 0..<count {
          values[index] = lengths[index] < 0 ? nil : Self.pointer(bytes, offsets[index])
        }
        return body(types, UnsafePointer(values.baseAddress), lengths, formats)
      }
    }
  }

  // An empty buffer has no address, yet a non-NULL pointer is what tells an empty value from NULL.
  private static func pointer(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UnsafePointer<CChar>? {
    guard let base = bytes.baseAddress else { return UnsafePointer(bitPattern: 1) }
    return base.advanced(by: offset).assumingMemoryBound(to: CChar.self)
  }

  private mutating func appendArray<Element>(
    _ values: [Element], type: SQLType, _ appendElement: (Element, inout [UInt8]) -> Void
  ) {
    let start = buffer.count
    buffer.append(UInt8(ascii: "{"))
    for (index, value) in values.enumerated() {
      if index > 0 { buffer.append(UInt8(ascii: ",")) }
      appendElement(value, &buffer)
    }
    buffer.append(UInt8(ascii: "}"))
    close(from: start, type: type, mayHoldNUL: true)
  }

  private mutating func close(from start: Int, type: SQLType, mayHoldNUL: Bool) {
    offsets.append(start)
    lengths.append(Int32(clamping: buffer.count - start))
    formats.append(0)
    types.append(type.oid)
    if mayHoldNUL, firstWithNUL == nil, holdsNUL(from: start) { firstWithNUL = count }
    buffer.append(0)
  }

  private func holdsNUL(from start: Int) -> Bool {
    buffer.withUnsafeBytes { bytes in
      bytes.baseAddress.map { memchr($0 + start, 0, bytes.count - start) != nil } ?? false
    }
  }
}
