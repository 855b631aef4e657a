/// Turns the inside of a valid JSON string into the text it stands for.
enum JSONUnescaping {
  static func string(_ content: UnsafeBufferPointer<UInt8>) -> String {
    // Unescaped is never longer than escaped.
    String(unsafeUninitializedCapacity: content.count) { target in
      var from = 0
      var to = 0
      while from < content.count {
        let byte = content[from]
        guard byte == UInt8(ascii: "\\") else {
          target[to] = byte
          from &+= 1
          to &+= 1
          continue
        }
        let letter = content[from &+ 1]
        if letter == UInt8(ascii: "u") {
          for byte in String(scalar(content, &from)).utf8 {
            target[to] = byte
            to &+= 1
          }
        } else {
          target[to] = plain(letter)
          from &+= 2
          to &+= 1
        }
      }
      return to
    }
  }

  private static func plain(_ letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: letter
    }
  }

  /// Reads one `\uXXXX`, or the two of a surrogate pair.
  private static func scalar(_ content: UnsafeBufferPointer<UInt8>, _ from: inout Int) -> Character {
    let first = unit(content, &from)
    guard first & 0xF800 == 0xD800 else { return Character(Unicode.Scalar(first) ?? "\u{FFFD}") }
    let second = unit(content, &from)
    return Character(Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF)) ?? "\u{FFFD}")
  }

  private static func unit(_ content: UnsafeBufferPointer<UInt8>, _ from: inout Int) -> UInt32 {
    defer { from &+= 6 }
    guard let base = content.baseAddress else { return 0 }
    return JSONScanner.hexadecimal(base, at: from &+ 2, end: content.count) ?? 0
  }
}
