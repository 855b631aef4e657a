/// Bytes as lower-case hex digits.
enum Hex {
  private static let digits = Array("0123456789abcdef".utf8)

  static func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Whether the text is `count` bytes in lower-case hex.
  static func isHex(_ text: some StringProtocol, bytes count: Int) -> Bool {
    text.utf8.count == 2 * count && text.utf8.allSatisfy(digits.contains)
  }
}
