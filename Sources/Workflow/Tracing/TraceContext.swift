/// A place in a trace, as W3C Trace Context says it in the header `traceparent`.
public struct TraceContext: Sendable, Hashable {
  /// 128 bits that are not all zero.
  public var trace: TraceID
  /// The span that what is here belongs to; nil: it begins the trace.
  public var parent: UInt64?
  public var isSampled: Bool

  public init(trace: TraceID, parent: UInt64?, isSampled: Bool) {
    self.trace = trace
    self.parent = parent
    self.isSampled = isSampled
  }

  /// Nil for what is none: then it is as if nothing had been said, as the recommendation has it.
  /// - Source: W3C Trace Context, 3.2 "traceparent Header".
  public init?(traceparent text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 55, bytes[2] == 0x2D, bytes[35] == 0x2D, bytes[52] == 0x2D else { return nil }
    // later versions may say more, behind another "-"
    guard bytes.count == 55 || bytes[55] == 0x2D else { return nil }
    guard let version = Self.number(bytes[0..<2]), version != 0xFF, version != 0 || bytes.count == 55,
      let high = Self.number(bytes[3..<19]), let low = Self.number(bytes[19..<35]), let parent = Self.number(bytes[36..<52]),
      let flags = Self.number(bytes[53..<55]), high != 0 || low != 0, parent != 0
    else { return nil }
    self.init(trace: TraceID(high: high, low: low), parent: parent, isSampled: flags & 1 == 1)
  }

  /// The header for what a span calls.
  public func traceparent(of span: UInt64) -> String { "00-\(trace.text)-\(TraceID.hexadecimal(span))-\(isSampled ? "01" : "00")" }

  /// Lower case only.
  private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
    var number: UInt64 = 0
    for digit in digits {
      switch digit {
      case 0x30...0x39: number = number << 4 | UInt64(digit - 0x30)
      case 0x61...0x66: number = number << 4 | UInt64(digit - 0x57)
      default: return nil
      }
    }
    return number
  }
}
