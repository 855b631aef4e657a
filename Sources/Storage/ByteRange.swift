/// Part of an object; cut off at the object's end, empty behind it.
public struct ByteRange: Sendable, Equatable {
  public static let all = ByteRange(from: 0)

  public let from: UInt64
  /// Bytes; nil: to the end.
  public let size: UInt64?

  public init(from: UInt64, size: UInt64? = nil) {
    self.from = from
    self.size = size
  }

  /// Offsets of first byte and end inside an object of `total` bytes.
  func within(_ total: UInt64) -> Range<UInt64> {
    let start = min(from, total)
    guard let size, size < total - start else { return start..<total }
    return start..<(start + size)
  }
}
