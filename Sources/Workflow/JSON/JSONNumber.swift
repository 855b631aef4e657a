/// A number as it was written: `0.49` stays `0.49`, `10.0` stays `10.0`, no digit of a long one is lost.
///
/// `==` compares the text; ``isEqual(to:)`` and ``compare(to:)`` compare the value, exactly.
public struct JSONNumber: Sendable, Hashable, CustomStringConvertible {
  /// Valid JSON.
  public let text: String

  public init(_ value: Int) {
    text = String(value)
  }

  /// The shortest text that reads back as `value`, which must be finite: see ``JSON/init(_:)-(Double)``.
  public init(_ value: Double) {
    precondition(value.isFinite, "JSON has no infinity and no NaN")
    text = value.description
  }

  /// Nil when `text` is not a JSON number.
  public init?(text: String) {
    var text = text
    let isNumber = text.withUTF8 { bytes in
      guard let first = bytes.first, first == UInt8(ascii: "-") || first &- 0x30 < 10 else { return false }
      var scanner = JSONScanner(bytes)
      do throws(JSONFault) { try scanner.scanNumber() } catch { return false }
      return scanner.at == bytes.count
    }
    guard isNumber else { return nil }
    self.text = text
  }

  init(scanned bytes: UnsafeBufferPointer<UInt8>) {
    text = String(decoding: bytes, as: UTF8.self)
  }

  /// The value when it is a whole number that fits, however it is written: `100`, `100.0` and `1e2` are 100.
  public var int: Int? { Int(text) ?? JSONDecimal(text).int }

  /// The nearest `Double`; infinite beyond its range.
  public var double: Double { Double(text) ?? .nan }  // never NaN: every JSON number is a Swift number

  /// Whether the value has no fraction.
  public var isWhole: Bool { Int(text) != nil || JSONDecimal(text).isWhole }

  /// Whether the values are the same, exactly.
  public func isEqual(to other: JSONNumber) -> Bool { text == other.text || compare(to: other) == 0 }

  /// Negative, 0 or positive as this value is less than, equal to or greater than `other`, exactly.
  public func compare(to other: JSONNumber) -> Int {
    if let left = Int(text), let right = Int(other.text) { return left < right ? -1 : left == right ? 0 : 1 }
    return JSONDecimal(text).compare(to: JSONDecimal(other.text))
  }

  public var description: String { text }
}
