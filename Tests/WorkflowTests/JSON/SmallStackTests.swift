import Glibc
import Testing
import Workflow

/// A thread has 8 MiB of stack by default; a quarter of that is enough, in a debug build too.
@Suite struct `JSON on a small stack` {
  private final class Work: @unchecked Sendable {  // one thread at a time: the test waits for it
    let body: () -> Void

    init(_ body: @escaping () -> Void) { self.body = body }
  }

  /// Does `body` on a thread whose stack has `bytes`; one that needs more kills the test.
  private func run(stack bytes: Int, _ body: @escaping () -> Void) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, bytes)
    var thread = pthread_t()
    let work = Unmanaged.passRetained(Work(body))
    pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, work.toOpaque())
    pthread_join(thread, nil)
    pthread_attr_destroy(&attributes)
  }

  private static func nested(_ levels: Int, _ opening: String, _ closing: String) -> String {
    String(repeating: opening, count: levels) + "1" + String(repeating: closing, count: levels)
  }

  @Test(arguments: [("[", "]"), (#"{"a":"#, "}")])
  func `a tree as deep as the default limit is read, compared, written and freed`(opening: String, closing: String) {
    let text = Self.nested(512, opening, closing)
    var written = ""
    run(stack: 2 << 20) {
      guard let tree = try? JSON(parsing: text), let other = try? JSON(parsing: text) else { return }
      guard tree == other, tree.isEquivalent(to: other), tree.hashValue == other.hashValue else { return }
      written = tree.serialized()
    }
    #expect(written == text)
  }

  @Test func `a deep value is checked`() throws {
    let schema = try Schema(["items": ["$ref": "#"]])
    let text = Self.nested(290, "[", "]")
    var problems = -1
    run(stack: 2 << 20) { problems = (try? JSON(parsing: text)).map { schema.problems(in: $0).count } ?? -2 }
    #expect(problems == 0)
    let deeper = Self.nested(310, "[", "]")
    run(stack: 2 << 20) { problems = (try? JSON(parsing: deeper)).map { schema.problems(in: $0).count } ?? -2 }
    #expect(problems == 1)
  }
}
