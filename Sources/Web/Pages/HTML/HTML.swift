/// A piece of a page, written as Swift's text: what stands in the quotes is markup, what is put in is escaped.
///
/// Only a piece that is HTML already goes in as it is. What is put in stands between tags, or in an attribute between double quotes.
struct HTML: Sendable, Hashable, ExpressibleByStringInterpolation {
  private(set) var text: String

  static let nothing: HTML = ""

  init(stringLiteral text: String) { self.text = text }
  init(stringInterpolation interpolation: Interpolation) { text = interpolation.text }

  /// Text as it is to be read.
  init(escaping text: String) { self.text = Self.escaped(text) }

  static func + (one: HTML, other: HTML) -> HTML { "\(one)\(other)" }

  static func escaped(_ text: String) -> String {
    // most texts are numbers and names
    guard text.utf8.contains(where: { entity(of: $0) != nil }) else { return text }
    var escaped: [UInt8] = []
    escaped.reserveCapacity(text.utf8.count + 16)
    for byte in text.utf8 {
      if let entity = entity(of: byte) { escaped += entity.utf8 } else { escaped.append(byte) }
    }
    return String(decoding: escaped, as: UTF8.self)
  }

  private static func entity(of byte: UInt8) -> String? {
    switch byte {
    case 0x26: "&amp;"
    case 0x3C: "&lt;"
    case 0x3E: "&gt;"
    case 0x22: "&quot;"
    case 0x27: "&#39;"
    default: nil
    }
  }

  struct Interpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity + interpolationCount * 16) }

    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation(_ value: String) { text += HTML.escaped(value) }
    mutating func appendInterpolation(_ number: Int) { text += "\(number)" }
    mutating func appendInterpolation(_ number: Int64) { text += "\(number)" }
    mutating func appendInterpolation(_ piece: HTML) { text += piece.text }
    mutating func appendInterpolation(_ piece: HTML?) { text += piece?.text ?? "" }
    mutating func appendInterpolation(_ pieces: [HTML]) { for piece in pieces { text += piece.text } }

    /// A part of a URL: what is no letter, digit or one of `- . _ ~` is percent-encoded.
    mutating func appendInterpolation(url part: String) { text += HTML.encoded(part) }

    /// A coordinate of a drawing, to a tenth.
    mutating func appendInterpolation(at coordinate: Double) {
      let tenths = Int((coordinate * 10).rounded())
      text += tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
  }

  static func encoded(_ part: String) -> String {
    let digits = Array("0123456789ABCDEF".unicodeScalars)
    var encoded = ""
    for byte in part.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default: encoded += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }
    return encoded
  }
}
