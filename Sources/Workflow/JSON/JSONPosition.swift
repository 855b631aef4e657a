/// A place in a text as an editor shows it: line and column from 1, the column in Unicode scalars.
public struct JSONPosition: Sendable, Hashable, CustomStringConvertible {
  public let line: Int
  public let column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The place of the byte at `offset`; lines end with LF, CR or CR LF.
  init(of offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
    var line = 1
    var column = 1
    var at = 0
    let stop = min(offset, bytes.count)
    while at < stop {
      let byte = bytes[at]
      if byte == 0x0A || (byte == 0x0D && !(at + 1 < bytes.count && bytes[at + 1] == 0x0A)) {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 && byte != 0x0D {
        column += 1
      }
      at += 1
    }
    self.line = line
    self.column = column
  }

  public var description: String { "line \(line), column \(column)" }
}
