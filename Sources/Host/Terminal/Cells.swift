/// What a text takes up on a terminal, and what of it a terminal must not get.
///
/// Messages of plugins and labels of callers come along here: a control character of theirs would move the cursor, or do worse.
enum Cells {
  /// The text without what moves a cursor, turns text round or rings a bell.
  static func shown(_ text: some StringProtocol) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return String(text) }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? ($0.properties.isWhitespace ? " " : "·") : $0 }))
  }

  static func count(_ text: some StringProtocol) -> Int { text.reduce(0) { $0 + width($1) } }

  /// As much of the beginning as has room.
  static func prefix(_ text: String, _ width: Int) -> Substring {
    var used = 0
    let end = text.firstIndex { character in
      used += Self.width(character)
      return used > width
    }
    return text[..<(end ?? text.endIndex)]
  }

  /// Parts with something between, in as many lines as it takes; all but the first are indented. A part that is too long stays whole.
  static func lines(_ parts: [String], between: String, width: Int, indent: String) -> [String] {
    parts.reduce(into: []) { lines, part in
      if let last = lines.last, count(last) + between.count + count(part) <= width {
        lines[lines.count - 1] = last + between + part
      } else {
        lines.append(lines.isEmpty ? part : indent + part)
      }
    }
  }

  /// A sentence, broken between words.
  static func lines(_ text: String, width: Int, indent: String) -> [String] {
    lines(text.split(separator: " ").map(String.init), between: " ", width: width, indent: indent)
  }

  /// What C0 and C1 have, and what changes lines and directions.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// Two of letters as wide as high and of pictures.
  private static func width(_ character: Character) -> Int {
    switch character.unicodeScalars.first?.value ?? 0 {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }
}
