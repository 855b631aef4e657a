/// What names in manifests look like.
enum NameSyntax {
  static let nameHint = "Write a small letter, then small letters, digits and \"_\", at most 64 in all."

  /// `register_items`.
  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, isSmallLetter(first), text.utf8.count <= 64 else { return false }
    return text.utf8.allSatisfy { isSmallLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
  }

  /// `ingest.register_items`: two names or more, with dots between.
  static func isHandlerName(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count > 1 && parts.allSatisfy { isName(String($0)) }
  }

  /// `ingest`, `org.example.raster`.
  static func isPluginID(_ text: String) -> Bool {
    text.utf8.count <= 128
      && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
        isName(String($0.map { $0 == "-" ? "_" : $0 }))
      }
  }

  private static func isSmallLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
