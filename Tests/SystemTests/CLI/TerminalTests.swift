import Database
import Glibc
import TestSupport
import Testing
import Workflow

extension `The system` {
  @Suite struct `On a terminal` {
    private static let workflows = [
      #"{"name": "later", "stages": [{"id": "only", "handler": "noop.run", "params": {}}]}"#,
      """
      {"name": "naps", "stages": [
        {"id": "list", "handler": "noop.emit", "params": {"count": 12}},
        {"id": "nap", "handler": "noop.sleep", "needs": ["list"], "for_each": {"items_of": "list"}, "params": {"ms": 60}}]}
      """,
    ]

    /// Jobs that wait until long after the test.
    private func submit(_ count: Int, _ place: Place) async throws -> [String] {
      var ids: [String] = []
      for _ in 0..<count { ids.append("\(try await place.submit("later", "{}", notBefore: 4_000_000_000))") }
      return ids
    }

    private func jobs(_ lines: [String]) -> Int { lines.count { $0.contains(" later ") } }

    @Test func `weir top leaves nothing behind when its list shrinks, in forty letters`() async throws {
      let place = try Place(plugins: [.noop], workflows: Self.workflows)
      let host = try await place.serve()
      let ids = try await submit(5, place)
      let top = try OnTerminal("top --state queued", of: place, width: 40, height: 40, with: ["WEIR_URL": host.url])
      let full = try await top.wait("five jobs") { jobs($0) == 5 }
      #expect(full.scrolled == 0 && full.text.contains { $0.hasPrefix("  [") && $0.contains("0 %") }, "\(full.text)")
      #expect(full.text.contains { $0.hasSuffix("0 failed") }, "\(full.text)")
      #expect(full.text.contains { $0.hasSuffix("2096-10-02T07:06:40.000Z") }, "\(full.text)")
      for id in ids.dropFirst(2) { _ = try await host.post("/api/jobs/\(id)/cancel") }
      let two = try await top.wait("two jobs") { jobs($0) == 2 }
      #expect(two.scrolled == 0 && two.text.count < full.text.count && two.text.count { $0.contains("jobs running") } == 1, "\(two.text)")
      #expect(!top.program.out.contains("\u{1B}[2J") && !top.program.out.contains("\u{1B}[2K"), "what is erased first flickers")
    }

    @Test func `weir top stays within a low terminal, and says what has no room`() async throws {
      let place = try Place(plugins: [.noop], workflows: Self.workflows)
      let host = try await place.serve()
      _ = try await submit(9, place)
      let top = try OnTerminal("top", of: place, width: 140, height: 8, with: ["WEIR_URL": host.url])
      _ = try await top.wait("jobs") { jobs($0) > 0 }
      let drawings = top.program.out.ranges(of: "\u{1B}[?25l").count
      let later = try await top.program.wait("three drawings more", within: .seconds(60)) {
        top.program.out.ranges(of: "\u{1B}[?25l").count >= drawings + 3 && top.program.out.hasSuffix("\u{1B}[?25h") ? top.screen : nil
      }
      #expect(later.scrolled == 0 && later.text.count == 7, "\(later.text)")
      #expect(later.text.last?.hasSuffix(" more lines") == true && later.text[0].hasPrefix("0 jobs running, 9 queued"), "\(later.text)")
      #expect(later.text.contains { $0.contains(" later ") && $0.contains("] ") }, "a job has one line: \(later.text)")
    }

    @Test func `weir top draws over what a narrower terminal has broken`() async throws {
      let place = try Place(plugins: [.noop], workflows: Self.workflows)
      let host = try await place.serve()
      _ = try await submit(2, place)
      let word = "\(place.folder.path)/word"
      #expect(mkfifo(word, 0o600) == 0)
      let top = try OnTerminal(
        "top", of: place, width: 120, height: 40, with: ["WEIR_URL": host.url], besides: "(read x < \(word); stty cols 50 < /dev/tty) &")
      // after the first sample nothing of it changes any more
      let wide = try await top.wait("two jobs") { lines in jobs(lines) == 2 && !lines.contains { $0.hasPrefix("no samples") } }
      let broken = wide.text.reduce(0) { $0 + max(1, ($1.count + 49) / 50) }
      #expect(broken > wide.text.count)
      place.write("word", "now\n")
      _ = try await top.program.wait("a drawing over \(broken) lines", within: .seconds(60)) {
        top.program.out.contains("\u{1B}[\(broken)A") ? true : nil
      }
    }

    @Test func `weir watch follows a job to its end in one place`() async throws {
      let place = try Place(plugins: [.noop], workflows: Self.workflows)
      let host = try await place.serve()
      for width in [40, 160] {
        let id = try await host.submit("naps")
        let watch = try OnTerminal("watch \(id)", of: place, width: width, height: 30, with: ["WEIR_URL": host.url])
        let output = try await watch.program.end()
        let text = watch.screen.text
        #expect(output.status == 0 && watch.screen.scrolled == 0, "\(text)")
        #expect(
          text.count { $0.hasPrefix("job \(id) · naps · completed in ") } == 1 && text.count { $0.hasPrefix("  nap ") } == 1, "\(text)")
        #expect(text.contains { $0.contains("12/12") } && !text.contains { $0.contains("running") }, "\(text)")
      }
    }

    @Test func `what others wrote moves no cursor`() async throws {
      let place = try Place(plugins: [.noop], workflows: Self.workflows)
      let host = try await place.serve()
      let id = try await submit(1, place)[0]
      let why = "\u{1B}[2J\u{7}gone\u{202E}"
      _ = try await host.post("/api/jobs/\(id)/pause?why=x")
      // as a handler's message could have it
      try await AlertPlace.change(place, "UPDATE app.jobs SET paused_why = \(why) WHERE id = \(Int(id) ?? 0)")
      let top = try OnTerminal("top", of: place, width: 160, height: 30, with: ["WEIR_URL": host.url])
      let shown = try await top.wait("the job") { jobs($0) == 1 }
      #expect(shown.text.contains { $0.contains("·[2J·gone·") }, "\(shown.text)")
      #expect(!top.program.out.contains(why) && !top.program.out.contains("\u{1B}[2J"))
      let once = try await place.weir("top", "--url", host.url)
      #expect(once.status == 0 && once.out.contains(why) && !once.out.contains("\u{1B}[?25l"), "to what is no terminal it is printed once")
    }
  }
}
