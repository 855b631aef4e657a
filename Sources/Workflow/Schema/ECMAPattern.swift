/// Rewrites a regular expression of ECMAScript for RE2.
///
/// Where both have a construct it means here what ECMA-262 says: `\s` and `.` know Unicode's spaces and line ends,
/// `\uXXXX` and `\cX` are characters. Look-around and back-references, which RE2 has not, are refused.
/// - Source: ECMA-262, 22.2.1 Patterns; RE2's doc/syntax.txt.
struct ECMAPattern {
  private static let spaces =
    #"\t\n\x0B\f\r \x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}"#
  /// Everything else, for the inside of a class, where RE2 has no complement.
  private static let others =
    #"\x{0}-\x{8}\x{E}-\x{1F}!-\x{9F}\x{A1}-\x{167F}\x{1681}-\x{1FFF}\x{200B}-\x{2027}\x{202A}-\x{202E}"#
    + #"\x{2030}-\x{205E}\x{2060}-\x{2FFF}\x{3001}-\x{FEFE}\x{FF00}-\x{10FFFF}"#

  private var rest: Substring.UnicodeScalarView
  private var result = ""
  private var isInClass = false

  static func translated(_ pattern: String) throws(SchemaPattern.Reason) -> String {
    var translation = ECMAPattern(rest: Substring(pattern).unicodeScalars)
    while let scalar = translation.rest.popFirst() { try translation.translate(scalar) }
    return translation.result
  }

  private init(rest: Substring.UnicodeScalarView) {
    self.rest = rest
  }

  private mutating func translate(_ scalar: Unicode.Scalar) throws(SchemaPattern.Reason) {
    switch scalar {
    case "\\": try translateEscape()
    case "[" where !isInClass: openClass()
    case "[": result += #"\["#
    case "]":
      isInClass = false
      result += "]"
    case "." where !isInClass: result += #"[^\n\r\x{2028}\x{2029}]"#
    case "(" where !isInClass: try openGroup()
    default: result.unicodeScalars.append(scalar)
    }
  }

  private mutating func openClass() {
    if take("^]") {
      result += #"[\x{0}-\x{10FFFF}]"#
    } else if take("]") {
      result += #"[^\x{0}-\x{10FFFF}]"#
    } else {
      isInClass = true
      result += take("^") ? "[^" : "["
    }
  }

  private mutating func openGroup() throws(SchemaPattern.Reason) {
    result += "("
    guard take("?") else { return }
    if let next = rest.first, next == "=" || next == "!" { throw .init(text: "looks ahead with (?\(next)") }
    if take("<") {
      if let next = rest.first, next == "=" || next == "!" { throw .init(text: "looks behind with (?<\(next)") }
      result += "?P<"
    } else if take(":") {
      result += "?:"
    } else {
      throw .init(text: "has a group (? that ECMAScript does not know")
    }
  }

  private mutating func translateEscape() throws(SchemaPattern.Reason) {
    guard let letter = rest.popFirst() else { throw .init(text: "ends with a lone backslash") }
    switch letter {
    case "d", "D", "w", "W", "t", "n", "f", "r": result += "\\\(letter)"
    case "v": result += #"\x0B"#
    case "s": result += isInClass ? Self.spaces : "[\(Self.spaces)]"
    case "S": result += isInClass ? Self.others : "[^\(Self.spaces)]"
    case "b" where isInClass: result += #"\x08"#
    case "b", "B": result += "\\\(letter)"
    case "p", "P": try property(letter)
    case "c": try control()
    case "x": append(code: try hexadecimal(digits: 2))
    case "u":
      let code = try unicode()
      guard code <= 0x10FFFF else { throw .init(text: "names a character beyond U+10FFFF") }
      append(code: code)
    case "0": append(code: 0)
    case "1"..."9": throw .init(text: "refers back with \\\(letter)")
    case "k": throw .init(text: #"refers back with \k"#)
    case "a"..."z", "A"..."Z": throw .init(text: "has the unknown escape \\\(letter)")
    default:
      if letter.isASCII { result += "\\" }
      result.unicodeScalars.append(letter)
    }
  }

  /// `\p{Letter}`: RE2 knows the short names and the scripts.
  private mutating func property(_ letter: Unicode.Scalar) throws(SchemaPattern.Reason) {
    guard take("{"), let close = rest.firstIndex(of: "}") else {
      throw .init(text: "has \\\(letter) without {NAME}")
    }
    var name = String(rest[..<close])
    rest = rest[rest.index(after: close)...]
    if let equals = name.firstIndex(of: "=") { name = String(name[name.index(after: equals)...]) }
    let short = [
      "Letter": "L", "Lowercase_Letter": "Ll", "Uppercase_Letter": "Lu", "Mark": "M", "Number": "N",
      "Decimal_Number": "Nd", "digit": "Nd", "Punctuation": "P", "Symbol": "S", "Separator": "Z",
      "Other": "C",
    ]
    result += "\\\(letter){\(short[name] ?? name)}"
  }

  private mutating func control() throws(SchemaPattern.Reason) {
    guard let letter = rest.popFirst(), letter.isASCII, letter.properties.isAlphabetic else {
      throw .init(text: #"has \c without a letter"#)
    }
    append(code: letter.value & 0x1F)
  }

  private mutating func unicode() throws(SchemaPattern.Reason) -> UInt32 {
    if take("{") {
      guard let close = rest.firstIndex(of: "}"), let code = UInt32(String(rest[..<close]), radix: 16) else {
        throw .init(text: #"has \u{ without digits and }"#)
      }
      rest = rest[rest.index(after: close)...]
      return code
    }
    let first = try hexadecimal(digits: 4)
    guard first & 0xFC00 == 0xD800, take("\\u") else { return first }
    let second = try hexadecimal(digits: 4)
    return 0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF)
  }

  private mutating func hexadecimal(digits: Int) throws(SchemaPattern.Reason) -> UInt32 {
    let text = String(rest.prefix(digits))
    guard text.unicodeScalars.count == digits, let value = UInt32(text, radix: 16) else {
      throw .init(text: "has an escape with fewer than \(digits) hexadecimal digits")
    }
    rest = rest.dropFirst(digits)
    return value
  }

  private mutating func append(code: UInt32) {
    result += "\\x{\(String(code, radix: 16))}"
  }

  private mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.unicodeScalars) else { return false }
    rest = rest.dropFirst(text.unicodeScalars.count)
    return true
  }
}
