/// Tells code, comment and quoted text apart, line by line, well enough for Swift and C.
///
/// Raw strings (`#"…"#`) are read as plain ones. An interpolation counts as quoted text.
struct LineReader {
  private var inBlockComment = false
  private var inLongString = false

  mutating func read(_ bytes: [UInt8], number: Int) -> SourceFile.Line {
    var code: [UInt8] = []
    var comment: [UInt8] = []
    var quoted: [UInt8] = []
    var at = 0
    func sees(_ text: StaticString) -> Bool {
      text.utf8CodeUnitCount <= bytes.count - at
        && (0..<text.utf8CodeUnitCount).allSatisfy { text.utf8Start[$0] == bytes[at + $0] }
    }
    while at < bytes.count {
      if inBlockComment {
        comment.append(bytes[at])
        if sees("*/") {
          inBlockComment = false
          at += 1
        }
      } else if sees("\"\"\"") {
        inLongString.toggle()
        at += 2
      } else if inLongString {
        quoted.append(bytes[at])
      } else if sees("//") {
        comment += bytes[at...]
        break
      } else if sees("/*") {
        inBlockComment = true
        comment.append(bytes[at])
      } else if bytes[at] == UInt8(ascii: "\"") {
        let end = Self.endOfString(in: bytes, from: at)
        quoted += bytes[(at + 1)..<end]
        quoted.append(UInt8(ascii: "\n"))
        at = end
      } else {
        code.append(bytes[at])
      }
      at += 1
    }
    if quoted.last == UInt8(ascii: "\n") { quoted.removeLast() }
    return .init(
      number: number, code: String(decoding: code, as: UTF8.self), comment: String(decoding: comment, as: UTF8.self),
      quoted: String(decoding: quoted, as: UTF8.self))
  }

  /// Where the string that opens at `start` has its closing quote; the line's end if it has none.
  private static func endOfString(in bytes: [UInt8], from start: Int) -> Int {
    var at = start + 1
    var depth = 0
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\\"):
        if at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "(") { depth += 1 }
        at += 1
      case UInt8(ascii: "(") where depth > 0: depth += 1
      case UInt8(ascii: ")") where depth > 0: depth -= 1
      case UInt8(ascii: "\"") where depth > 0: at = endOfString(in: bytes, from: at)
      case UInt8(ascii: "\""): return at
      default: break
      }
      at += 1
    }
    return bytes.count
  }
}
