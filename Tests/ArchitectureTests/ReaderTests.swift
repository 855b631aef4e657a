import Testing

@Suite struct `A file is read as code, comment and quoted text` {
  @Test func `a quote in a comment opens no string`() {
    let file = SourceFile(path: "Sources/A/B.swift", text: "let a = 1  // say \"SELECT\nlet b = \"SELECT\"")
    #expect(file.lines.map(\.quoted) == ["", "SELECT"])
    #expect(file.lines.map(\.code) == ["let a = 1  ", "let b = "])
  }

  @Test func `a string ends after its interpolations`() {
    let file = SourceFile(path: "Sources/A/B.swift", text: #"f("a \(g("x")) b", c) // d"#)
    #expect(file.lines[0].quoted == #"a \(g("x")) b"#)
    #expect(file.lines[0].code == "f(, c) ")
    #expect(file.lines[0].comment == "// d")
  }

  @Test func `long strings and block comments go over lines`() {
    let file = SourceFile(path: "Sources/A/B.swift", text: "let a = \"\"\"\n  SELECT 1\n  \"\"\"\n/* try!\n*/ let b = 2")
    #expect(file.lines[1].quoted == "  SELECT 1")
    #expect(file.lines[3].code.isEmpty)
    #expect(file.lines[4].code == " let b = 2")
  }

  @Test func `imports are found whatever leads them`() {
    let file = SourceFile(path: "Sources/A/B.swift", text: "@testable import Engine\npublic import struct Foundation.Date\nlet import_ = 1")
    #expect(file.imports.map(\.name) == ["Engine", "Foundation"])
    let header = SourceFile(path: "Sources/A/b.c", text: "#include <stdio.h>\n#include \"weir/frames.h\"")
    #expect(header.imports.map(\.name) == ["stdio.h", "weir/frames.h"])
  }
}
