internal import struct FoundationEssentials.Data

/// Bytes as text, as Azure writes keys, checksums and block ids.
enum Base64 {
  static func text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

  /// Nil if the text is not base64.
  static func bytes(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }
}
