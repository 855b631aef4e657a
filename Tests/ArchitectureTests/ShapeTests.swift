import Testing

@Suite struct `Files have a shape and a name` {
  static let longestFile = 400
  static let longestFunction = 60
  /// As a word of a file's, folder's or type's name; STYLE.md section 1 says what to write instead.
  static let forbiddenWords: Set<String> = [
    "Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Extensions", "Common", "Misc", "Models", "Manager", "Managers",
    "Worker", "Workers", "Step", "Steps", "Node", "Nodes", "Legacy", "New", "Old",
  ]

  static func words(of name: some StringProtocol) -> [String] {
    var words: [String] = []
    for letter in name {
      if letter.isUppercase, words.last?.last?.isLowercase ?? true {
        words.append(String(letter))
      } else if letter.isLetter || letter.isNumber {
        if words.isEmpty { words.append("") }
        words[words.count - 1].append(letter)
      } else {
        words.append("")
      }
    }
    return words
  }

  @Test func `no file is longer than 400 lines`() throws {
    let files = try Tree.files(
      in: ["Sources", "Plugins", "Tests", "Benchmarks"], ["swift", "c", "h", "cpp", "hpp", "sql", "py", "js", "css"])
    Offence.report(
      files.filter { $0.lines.count - 1 > Self.longestFile && !$0.path.hasSuffix("/schema.sql") }.map {
        Offence(
          $0, "has \($0.lines.count - 1) lines, the limit is \(Self.longestFile)",
          mend: "A part of it has no name yet: find it, and give it a file")
      })
  }

  @Test func `no function is longer than 60 lines`() throws {
    var offences: [Offence] = []
    for file in try Tree.program() + Tree.tests() where file.isSwift {
      // The formatter puts a function's closing brace under its first letter.
      for line in file.lines {
        guard line.code.contains("func ") || line.code.contains("init("), line.code.hasSuffix("{") else { continue }
        let indent = line.code.prefix { $0 == " " }
        guard let end = file.lines[line.number...].first(where: { $0.code == indent + "}" }) else { continue }
        if end.number - line.number > Self.longestFunction {
          offences.append(
            .init(
              file, at: line.number, "a function of \(end.number - line.number) lines, the limit is \(Self.longestFunction)",
              mend: "Give a part of it a name of its own"))
        }
      }
    }
    Offence.report(offences)
  }

  @Test func `names say what a thing is`() throws {
    var offences: [Offence] = []
    for file in try Tree.program() + Tree.tests() {
      for part in file.path.split(separator: "/") {
        for word in Self.words(of: part) where Self.forbiddenWords.contains(word) {
          offences.append(.init(file, "is named with the word \(word)", mend: "Name it for its concept, STYLE.md sections 1 and 2"))
        }
      }
      for line in file.lines where file.isSwift {
        guard let name = Self.declaredType(line.code) else { continue }
        for word in Self.words(of: name) where Self.forbiddenWords.contains(word) {
          offences.append(
            .init(file, at: line.number, "the type \(name) is named with the word \(word)", mend: "Name its role, STYLE.md section 1"))
        }
      }
    }
    Offence.report(offences)
  }

  @Test func `a file is named for the type that it declares`() throws {
    Offence.report(
      try Tree.program().filter(\.isSwift).compactMap { file in
        let outside = file.lines.filter { !$0.code.hasPrefix(" ") && !$0.code.contains("private ") }
        let types = outside.compactMap { Self.declaredType($0.code) }
        guard !types.isEmpty, !file.stem.contains("+") else { return nil }
        let words = Self.words(of: file.stem)
        guard !types.contains(where: { Self.words(of: $0).holdsSingulars(of: words) }) else { return nil }
        return Offence(
          file, "declares \(types.joined(separator: ", "))",
          mend: "Name the file for its one type, Type+aspect.swift, or States.swift for a few …State")
      })
  }

  private static func declaredType(_ code: String) -> Substring? {
    let words = code.split(separator: " ")
    guard let at = words.firstIndex(where: { ["struct", "class", "enum", "actor", "protocol"].contains($0) }), at + 1 < words.count
    else { return nil }
    let name = words[at + 1].prefix { $0.isLetter || $0.isNumber }
    return name.first?.isUppercase == true ? name : nil
  }
}

extension [String] {
  /// Whether each of `words`, or its singular, is among these.
  fileprivate func holdsSingulars(of words: [String]) -> Bool {
    words.allSatisfy { word in contains(word) || word.hasSuffix("s") && contains(String(word.dropLast())) }
  }
}
