/// Why bytes are not one JSON value, and where.
public struct JSONTextError: Error, Hashable, CustomStringConvertible {
  public let offset: Int
  /// Counted from 1, in bytes.
  public let line: Int, column: Int
  public let message: String

  init(_ message: String, at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
    self.offset = offset
    self.message = message
    let before = bytes.prefix(offset)
    line = 1 + before.count { $0 == UInt8(ascii: "\n") }
    column = offset - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
  }

  public var description: String { "line \(line), column \(column): \(message)" }
}
