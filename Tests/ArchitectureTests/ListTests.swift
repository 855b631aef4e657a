import Foundation
import Testing

@Suite struct `Lists forget nothing` {
  @Test func `every migration is in the program, and in its table`() throws {
    let path = "Sources/CAssets/assets.c"
    let assets = try Tree.text(of: path)
    Offence.report(
      Tree.names(in: "Sources/Engine/Migrations").filter { $0.hasSuffix(".sql") }.flatMap { name in
        [("#embed \"../Engine/Migrations/\(name)\"", "is not embedded"), ("\"migrations/\(name)\"", "has no line in the table")]
          .filter { !assets.contains($0.0) }
          .map { Offence(path: path, "the migration \(name) \($0.1)", mend: "Write \($0.0), as for the others") }
      })
  }

  @Test func `migrations are numbered from 1 without a gap`() throws {
    let names = Tree.names(in: "Sources/Engine/Migrations").filter { $0.hasSuffix(".sql") }
    Offence.report(
      zip(names, 1...).filter { name, number in Int(name.prefix { $0 != "_" }) != number }.map { name, number in
        Offence(
          path: "Sources/Engine/Migrations/\(name)", "stands where number \(number) is due",
          mend: "Number the files 001_what.sql, 002_what.sql, each number once")
      })
  }

  @Test func `what Package.swift wants of Debian is in packages.txt`() throws {
    let listed = Set(
      try Tree.text(of: "packages.txt").split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.contains(":") }.map(String.init))
    let manifest = try Tree.text(of: "Package.swift")
    func quoted(after mark: String) -> [String] {
      manifest.split(separator: "\(mark)\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    }
    let wanted = quoted(after: ".apt([") + quoted(after: ".linkedLibrary(").filter { $0 != "stdc++" }.map { "lib\($0)-dev" }
    try #require(!wanted.isEmpty, "Package.swift names no Debian package by .apt([\"…\"]): has its form changed?")
    Offence.report(
      wanted.filter { !listed.contains($0) }.map {
        Offence(path: "packages.txt", "\($0), which Package.swift wants, is not listed", mend: "Add the line")
      })
  }

  @Test func `every make command of the pages for people is one of the Makefile`() throws {
    let makefile = try Tree.text(of: "Makefile").split(separator: "\n")
    for path in ["README.md", "ARCHITECTURE.md", "STYLE.md", "CHANGELOG.md"] {
      let text = try Tree.text(of: path)
      let commands = ["`make ", "\n    make ", "\n$ make "].flatMap {
        text.split(separator: $0, omittingEmptySubsequences: false).dropFirst()
      }
      let targets = Set(commands.map { $0.prefix(while: \.isLetter) })
      Offence.report(
        targets.filter { target in !makefile.contains { $0.hasPrefix("\(target):") } }.map {
          Offence(path: path, "the Makefile has no target \($0)", mend: "Name one that it has")
        })
    }
  }

  @Test func `every version of a Python part is pinned`() throws {
    for path in ["requirements.txt", "Benchmarks/peers/requirements.txt", "Tests/Servers/requirements.txt"] {
      let lines = try Tree.text(of: path).split(separator: "\n", omittingEmptySubsequences: false)
      Offence.report(
        zip(lines, 1...).filter { line, _ in !line.isEmpty && !line.hasPrefix("#") && !line.contains("==") }.map {
          Offence(path: path, at: $1, "\($0) is not pinned", mend: "Write NAME==VERSION")
        })
    }
  }

  @Test func `a decision has a number of its own and says what was rejected`() throws {
    let names = Tree.names(in: "decisions").filter { $0.hasSuffix(".md") }
    var offences: [Offence] = []
    var numbers: Set<Substring> = []
    for name in names {
      let path = "decisions/\(name)"
      let number = name.prefix { $0 != "-" }
      if number.count != 4 || Int(number) == nil || !numbers.insert(number).inserted {
        offences.append(.init(path: path, "its number \(number) is taken or is no number of four digits", mend: "Name it NNNN-what.md"))
      }
      let text = try Tree.text(of: path)
      for heading in ["## Context", "## Decision", "## Consequences", "## Rejected"] where !text.contains(heading) {
        offences.append(.init(path: path, "has no heading \(heading)", mend: "STYLE.md section 12 has the form"))
      }
    }
    Offence.report(offences)
  }
}
