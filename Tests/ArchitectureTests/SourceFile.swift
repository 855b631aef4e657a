/// One file, with what is code, what is comment and what is quoted told apart.
struct SourceFile {
  /// From the project's root: `Sources/Engine/Queue/Queue.swift`.
  let path: String
  let lines: [Line]

  struct Line {
    let number: Int
    /// What stands there, quoted text and comments blanked out.
    var code = ""
    var comment = ""
    /// The quoted text of this line.
    var quoted = ""
  }

  init(path: String) throws {
    self.init(path: path, text: try Tree.text(of: path))
  }

  init(path: String, text: String) {
    self.path = path
    var reader = LineReader()
    lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated().map {
      reader.read(Array($1), number: $0 + 1)
    }
  }

  var isSwift: Bool { path.hasSuffix(".swift") }

  /// `Queue+claim` of `Sources/Engine/Queue/Queue+claim.swift`.
  var stem: Substring {
    path.split(separator: "/").last!.split(separator: ".").first!  // a path has a name, and a name of ours a stem
  }

  /// The target whose file this is: `Engine`, `Ingest`, `Examples/Swift`.
  var target: String {
    let parts = path.split(separator: "/").map(String.init)
    if parts[0] == "Plugins", parts[1] == "Examples" { return "Examples/\(parts[2])" }
    return parts[1]
  }

  var isPlugin: Bool { path.hasPrefix("Plugins/") }

  /// The modules that a Swift file imports, and the headers that a C file includes, each with its line.
  var imports: [(name: String, line: Int)] {
    lines.compactMap { line in
      if isSwift {
        let words = line.code.split(separator: " ")
        guard let at = words.firstIndex(of: "import"), at + 1 < words.count, words[..<at].allSatisfy(Self.leadsImport)
        else { return nil }
        let named = ["struct", "class", "enum", "func", "protocol", "typealias", "var", "let"].contains(words[at + 1])
        let module = words[named ? at + 2 : at + 1].split(separator: ".")[0]
        return (String(module), line.number)
      }
      guard line.code.hasPrefix("#include") else { return nil }
      let header = line.quoted.isEmpty ? line.code.dropFirst("#include".count) : Substring(line.quoted)
      return (header.filter { !"<> ".contains($0) }, line.number)
    }
  }

  private static func leadsImport(_ word: Substring) -> Bool {
    word.hasPrefix("@") || ["public", "package", "internal", "fileprivate", "private"].contains(word)
  }

  /// Whether a comment stands on the line or on the one above it.
  func hasReason(at line: Line) -> Bool {
    if !line.comment.isEmpty { return true }
    guard line.number >= 2 else { return false }
    let above = lines[line.number - 2]
    return !above.comment.isEmpty && above.code.allSatisfy { $0 == " " }
  }
}
