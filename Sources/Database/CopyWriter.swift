import CPostgres

/// Takes the data of one `COPY ... FROM STDIN`. The bytes go to the server as they are, in any cut.
public struct CopyWriter: ~Copyable {
  private final class Buffer {
    var bytes: [UInt8] = []
  }

  private let connection: OpaquePointer
  private let buffer = Buffer()
  // A message costs a header and a turn through libpq; this many bytes make both small.
  private static let messageBytes = 64 * 1024
  // The server takes messages of less than 1 GiB, and keeps each in memory.
  private static let longestMessage = 16 << 20

  init(_ connection: OpaquePointer) {
    self.connection = connection
    buffer.bytes.reserveCapacity(2 * Self.messageBytes)
  }

  /// Bytes in the format that the COPY statement names.
  public func write(_ bytes: some Sequence<UInt8>) throws(DatabaseError) {
    buffer.bytes.append(contentsOf: bytes)
    if buffer.bytes.count >= Self.messageBytes { try flush() }
  }

  public func write(_ text: String) throws(DatabaseError) {
    try write(text.utf8)
  }

  /// One row in COPY's text format (the default one): escaped, with `\N` for nil.
  public func writeRow(_ values: [(any SQLValue)?]) throws(DatabaseError) {
    for (index, value) in values.enumerated() {
      if index > 0 { buffer.bytes.append(UInt8(ascii: "\t")) }
      guard let value else {
        buffer.bytes.append(contentsOf: "\\N".utf8)
        continue
      }
      let start = buffer.bytes.count
      value.appendSQLText(to: &buffer.bytes)
      if type(of: value).isQuotedInArrays { escape(from: start) }
    }
    buffer.bytes.append(UInt8(ascii: "\n"))
    if buffer.bytes.count >= Self.messageBytes { try flush() }
  }

  func flush() throws(DatabaseError) {
    guard !buffer.bytes.isEmpty else { return }
    let isSent = buffer.bytes.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: Self.longestMessage).allSatisfy { start in
        let part = bytes[start..<min(start + Self.longestMessage, bytes.count)]
        return UnsafeRawBufferPointer(rebasing: part).withMemoryRebound(to: CChar.self) { part in
          PQputCopyData(connection, part.baseAddress, Int32(part.count)) == 1
        }
      }
    }
    buffer.bytes.removeAll(keepingCapacity: buffer.bytes.count <= Self.longestMessage)
    guard isSent else {
      throw DatabaseError(.connection, rawText: String(cString: PQerrorMessage(connection)))
    }
  }

  private func escape(from start: Int) {
    let special: [UInt8] = [UInt8(ascii: "\\"), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
    guard buffer.bytes[start...].contains(where: special.contains) else { return }
    let plain = Array(buffer.bytes[start...])
    buffer.bytes.removeSubrange(start...)
    for byte in plain {
      switch byte {
      case UInt8(ascii: "\\"): buffer.bytes.append(contentsOf: "\\\\".utf8)
      case UInt8(ascii: "\t"): buffer.bytes.append(contentsOf: "\\t".utf8)
      case UInt8(ascii: "\n"): buffer.bytes.append(contentsOf: "\\n".utf8)
      case UInt8(ascii: "\r"): buffer.bytes.append(contentsOf: "\\r".utf8)
      default: buffer.bytes.append(byte)
      }
    }
  }
}
