/// What a handler's statement begins with, read as PostgreSQL's own scanner would: whatever opens or ends a transaction is
/// the host's alone.
struct GuestStatement {
  /// The first words, in capitals: letters only, at most four.
  let words: [String]

  init(_ sql: String) {
    var scanner = Scanner(bytes: Array(sql.utf8))
    var words: [String] = []
    while words.count < 4, let word = scanner.word() { words.append(word) }
    self.words = words
  }

  /// Why it is not sent; nil: it may be.
  var refusal: String? {
    switch words.first {
    case "COMMIT", "END", "BEGIN", "START", "ABORT": controls(words[0])
    case "ROLLBACK" where !isToSavepoint: controls("ROLLBACK")
    case "PREPARE" where words.dropFirst().first == "TRANSACTION": controls("PREPARE TRANSACTION")
    default: nil
    }
  }

  var isCopy: Bool { words.first == "COPY" }

  // ROLLBACK [WORK | TRANSACTION] TO [SAVEPOINT] name
  private var isToSavepoint: Bool {
    let rest = words.dropFirst()
    let noise = ["WORK", "TRANSACTION"].contains(rest.first)
    return (noise ? rest.dropFirst() : rest).first == "TO"
  }

  private func controls(_ word: String) -> String {
    "\(word) is not for exec: begin() and end() open and end the transaction; inside it there are savepoints"
  }

  private struct Scanner {
    let bytes: [UInt8]
    var at = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The next word after white space, comments and empty statements; nil at anything else.
    mutating func word() -> String? {
      skip()
      let start = at
      while at < bytes.count, isLetter(bytes[at]) { at += 1 }
      return at > start ? String(decoding: bytes[start..<at], as: UTF8.self).uppercased() : nil
    }

    private mutating func skip() {
      while at < bytes.count {
        switch bytes[at] {
        case 0x20, 0x09...0x0D, UInt8(ascii: ";"): at += 1
        case UInt8(ascii: "-") where next == UInt8(ascii: "-"): skipLine()
        case UInt8(ascii: "/") where next == UInt8(ascii: "*"): skipBlock()
        default: return
        }
      }
    }

    private var next: UInt8? { at + 1 < bytes.count ? bytes[at + 1] : nil }

    private mutating func skipLine() {
      while at < bytes.count, bytes[at] != 0x0A, bytes[at] != 0x0D { at += 1 }
    }

    // They nest.
    private mutating func skipBlock() {
      var depth = 0
      repeat {
        if bytes[at] == UInt8(ascii: "/"), next == UInt8(ascii: "*") {
          depth += 1
          at += 2
        } else if bytes[at] == UInt8(ascii: "*"), next == UInt8(ascii: "/") {
          depth -= 1
          at += 2
        } else {
          at += 1
        }
      } while depth > 0 && at < bytes.count
    }

    private func isLetter(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
  }
}
