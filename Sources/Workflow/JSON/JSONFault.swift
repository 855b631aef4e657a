/// What the scanner stumbled over, and where; ``JSONSyntaxError`` is made of it.
struct JSONFault: Error {
  enum Reason {
    case expectedValue
    case expectedKey
    case expectedColon
    case expectedCommaOrEnd(array: Bool)
    case trailingComma
    case trailingContent
    case byteOrderMark
    case leadingZero
    case missingDigits(after: StaticString)
    case openString
    case controlCharacter
    case unknownEscape
    case brokenUnicodeEscape
    case loneSurrogate
    case nul
    case tooManyDigits(limit: Int)
    case notUTF8
    case tooDeep(limit: Int)
    case tooLong(limit: Int)
    case duplicateKey(String, firstOffset: Int)
  }

  let reason: Reason
  let offset: Int
}
