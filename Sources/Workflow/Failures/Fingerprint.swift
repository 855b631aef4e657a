/// What failures with one cause have in common: their message without what differs from task to task.
///
/// Numbers, hexadecimal, UUIDs, quoted names, paths and URLs are taken out; a number that says what kind of failure it is (after
/// HTTP, status, code, errno, exit) stays. Cases in `FingerprintTests` are the contract.
public struct Fingerprint: Sendable, Hashable {
  /// 16 hexadecimal digits: of how the attempts ended, and of `text`.
  public var id: String
  public var text: String

  private static let longest = 300

  /// - Parameter message: begins with plugin, handler and task, or does not: they are no part of the cause.
  public init(_ end: AttemptEnd, message: String) {
    text = FingerprintText.of(message, longest: Self.longest)
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in Array(end.rawValue.utf8) + [10] + Array(text.utf8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    let digits = String(hash, radix: 16)
    id = String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// Reads a message from left to right and leaves out what differs.
private struct FingerprintText {
  private let bytes: [UInt8]
  private var at = 0
  private var out: [UInt8] = []

  static func of(_ message: String, longest: Int) -> String {
    var reader = FingerprintText(bytes: Array(cause(of: message)[...].utf8.prefix(4096)))
    while reader.at < reader.bytes.count, reader.out.count < longest { reader.read() }
    while reader.out.last == UInt8(ascii: " ") { reader.out.removeLast() }
    return String(decoding: reader.out.prefix(longest), as: UTF8.self)
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// Without `plugin "p", handler "h", task 1/s/2: `, as Weir's own messages begin.
  private static func cause(of message: String) -> Substring {
    guard message.hasPrefix("plugin \"") || message.hasPrefix("handler \""), let task = message.firstRange(of: "task "),
      let colon = message[task.upperBound...].firstRange(of: ": ")
    else { return message[...] }
    let id = message[task.upperBound..<colon.lowerBound]
    return id.contains(" ") ? message[...] : message[colon.upperBound...]
  }

  private mutating func read() {
    let byte = bytes[at]
    if Self.isBlank(byte) {
      while at < bytes.count, Self.isBlank(bytes[at]) { at += 1 }
      if !out.isEmpty { out.append(UInt8(ascii: " ")) }
    } else if isQuote(byte), let end = closing(byte) {
      put("<name>", next: end + 1)
    } else if startsWord {
      readWord()
    } else {
      out.append(byte)
      at += 1
    }
  }

  private mutating func put(_ text: String, next: Int) {
    out += Array(text.utf8)
    at = next
  }

  // An apostrophe within a word is none.
  private func isQuote(_ byte: UInt8) -> Bool {
    guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`") else { return false }
    return at == 0 || !Self.isAlphanumeric(bytes[at - 1])
  }

  private func closing(_ quote: UInt8) -> Int? {
    guard let end = bytes[(at + 1)...].firstIndex(where: { $0 == quote || $0 == 10 }), bytes[end] == quote else { return nil }
    return end
  }

  private var startsWord: Bool {
    let byte = bytes[at]
    return Self.isAlphanumeric(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "~") || byte >= 0x80
      || (Self.isSign(byte) && at + 1 < bytes.count && Self.isDigit(bytes[at + 1]))
  }

  /// A word goes on to a blank, a quote or a bracket; what ends a sentence is not part of it.
  private mutating func readWord() {
    var end = at
    while end < bytes.count, !Self.isBlank(bytes[end]), !Self.brackets.contains(bytes[end]) { end += 1 }
    while end > at + 1, Self.punctuation.contains(bytes[end - 1]) { end -= 1 }
    let word = bytes[at..<end]
    if Self.isPath(word) { return put("<path>", next: end) }
    readParts(upTo: end)
  }

  /// The parts of a word that is no path: letters, and what differs among them.
  private mutating func readParts(upTo end: Int) {
    while at < end {
      if let length = uuid(upTo: end) {
        put("<uuid>", next: at + length)
      } else if let length = hexadecimal(upTo: end) {
        put("<hex>", next: at + length)
      } else if let length = number(upTo: end) {
        if isKind { out += bytes[at..<at + length] } else { out += Array("<n>".utf8) }
        at += length
      } else {
        // letters as far as they go, so that hexadecimal is not found within a word
        repeat {
          out.append(bytes[at])
          at += 1
        } while at < end && Self.isLetter(bytes[at])
      }
    }
  }

  private func uuid(upTo end: Int) -> Int? {
    let lengths = [8, 4, 4, 4, 12]
    var place = at
    for (part, length) in lengths.enumerated() {
      guard place + length <= end, bytes[place..<place + length].allSatisfy(Self.isHexadecimal) else { return nil }
      place += length
      if part < 4 {
        guard place < end, bytes[place] == UInt8(ascii: "-") else { return nil }
        place += 1
      }
    }
    return place - at
  }

  /// `0x1f`, or eight digits and more of which some are letters and some are not.
  private func hexadecimal(upTo end: Int) -> Int? {
    if bytes[at] == UInt8(ascii: "0"), at + 2 < end, bytes[at + 1] | 32 == UInt8(ascii: "x"), Self.isHexadecimal(bytes[at + 2]) {
      return 2 + bytes[(at + 2)..<end].prefix(while: Self.isHexadecimal).count
    }
    let digits = bytes[at..<end].prefix(while: Self.isHexadecimal)
    guard digits.count >= 8, digits.contains(where: Self.isDigit), digits.contains(where: Self.isLetter) else { return nil }
    let next = at + digits.count
    return next < end && Self.isLetter(bytes[next]) ? nil : digits.count
  }

  private func number(upTo end: Int) -> Int? {
    var place = at
    if Self.isSign(bytes[place]), at == 0 || !Self.isAlphanumeric(bytes[at - 1]) { place += 1 }
    guard place < end, Self.isDigit(bytes[place]) else { return nil }
    while place < end {
      let isSeparator = bytes[place] == UInt8(ascii: ".") || bytes[place] == UInt8(ascii: ",") || bytes[place] == UInt8(ascii: "_")
      guard Self.isDigit(bytes[place]) || (isSeparator && place + 1 < end && Self.isDigit(bytes[place + 1])) else { break }
      place += 1
    }
    if place < end, bytes[place] | 32 == UInt8(ascii: "e") {
      var exponent = place + 1
      if exponent < end, Self.isSign(bytes[exponent]) { exponent += 1 }
      let digits = bytes[min(exponent, end)..<end].prefix(while: Self.isDigit).count
      if digits > 0, exponent + digits == end || !Self.isLetter(bytes[exponent + digits]) { place = exponent + digits }
    }
    return place - at
  }

  /// Whether the number at this place says what kind of failure it is.
  private var isKind: Bool {
    var before = out[...]
    while let last = before.last, [32, UInt8(ascii: "("), UInt8(ascii: "="), UInt8(ascii: ":")].contains(last) { before.removeLast() }
    let word = String(decoding: before.suffix(while: Self.isLetter), as: UTF8.self).lowercased()
    return ["http", "status", "code", "errno", "exit", "returned"].contains(word)
  }

  private static func isPath(_ word: ArraySlice<UInt8>) -> Bool {
    let slashes = word.count { $0 == UInt8(ascii: "/") }
    guard slashes > 0 else { return false }
    return word.first == UInt8(ascii: "/") || word.first == UInt8(ascii: "~") || slashes > 1
      || word.contains { isDigit($0) || $0 == UInt8(ascii: ".") }
  }

  private static let brackets: Set<UInt8> = Set("()[]{}<>\"'`;=|".utf8)
  private static let punctuation: Set<UInt8> = Set(".,:!?".utf8)
  private static func isBlank(_ byte: UInt8) -> Bool { byte <= 32 }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 32) || byte >= 0x80 }
  private static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
  private static func isHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x66).contains(byte | 32) }
  private static func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") }
}

extension ArraySlice<UInt8> {
  fileprivate func suffix(while holds: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    var start = endIndex
    while start > startIndex, holds(self[start - 1]) { start -= 1 }
    return self[start...]
  }
}
