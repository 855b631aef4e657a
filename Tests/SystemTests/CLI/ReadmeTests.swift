import TestSupport
import Testing

extension `The system` {
  @Suite struct `The README` {
    /// `.build/debug/weir ...`, one a line, as the page has them for plugin authors.
    private static let commands = RunningProgram.text("\(Place.root)/README.md").split(separator: "\n")
      .filter { $0.hasPrefix("    .build/debug/weir ") }.map { $0.split(separator: " .build/debug/weir ").last.map(String.init) ?? "" }

    @Test func `has commands that work as they stand`() async throws {
      let place = try Place()
      try #require(Self.commands.count >= 3)
      for command in Self.commands {
        let line = "cd '\(Place.root)' && \(RunningProgram.folder)/weir \(command)"
        let output = try await RunningProgram(["-c", line], environment: place.environment, program: "/bin/sh").end()
        #expect(output.status == 0, "\(command): \(output)")
      }
    }

    @Test func `names only commands that weir has`() async throws {
      let place = try Place()
      let text = RunningProgram.text("\(Place.root)/README.md")
      let names = Set(text.split(separator: "`weir ").dropFirst().map { $0.prefix { $0.isLetter } })
      try #require(names.count > 8)
      for name in names {
        let output = try await place.weir("help", String(name))
        #expect(output.status == 0 && output.out.contains("USAGE: weir \(name)"), "weir \(name): \(output)")
      }
    }
  }
}
