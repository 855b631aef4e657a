import CRegex

/// A regular expression of the keywords `pattern` and `patternProperties`, run by RE2 in linear time.
final class SchemaPattern: @unchecked Sendable {  // RE2 may be asked by many threads at once
  let text: String
  private let regex: OpaquePointer

  init(_ text: String, maxBytes: Int) throws(Reason) {
    var translated = try ECMAPattern.translated(text)
    var message = [CChar](repeating: 0, count: 200)
    let compiled = translated.withUTF8 { pattern in
      pattern.withMemoryRebound(to: CChar.self) {
        cregex_compile($0.baseAddress, $0.count, maxBytes, &message, message.count)
      }
    }
    guard let compiled else {
      let end = message.firstIndex(of: 0) ?? message.endIndex
      let reason = String(decoding: message[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw Reason(text: "does not compile: \(reason)")
    }
    self.text = text
    regex = compiled
  }

  deinit {
    cregex_free(regex)
  }

  /// Whether the pattern is found anywhere in `string`.
  func matches(_ string: String) -> Bool {
    var string = string
    return string.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { cregex_matches(regex, $0.baseAddress, $0.count) }
    }
  }

  /// Why a pattern cannot be used, as it goes on after the pattern.
  struct Reason: Error {
    let text: String
  }
}
