/// The name of a trace: 128 bits.
public struct TraceID: Sendable, Hashable {
  public var high: UInt64
  public var low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// 32 digits.
  public var text: String { Self.hexadecimal(high) + Self.hexadecimal(low) }

  /// 16 digits, as spans are written.
  public static func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
