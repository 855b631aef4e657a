import TestSupport
import Testing

extension `The system` {
  /// The program of `make soak` at a fiftieth of the size; what it says of time is not judged here.
  @Suite struct `The soak` {
    @Test func `measures a large stage, full rate and what grows, and judges each`() async throws {
      let soak = try RunningProgram(
        ["soak", "--tasks", "20000", "--minutes", "0.02"], program: "\(RunningProgram.folder)/weir-bench")
      let output = try await soak.end(within: .seconds(300))
      #expect(output.status == 0 || output.status == 2, "\(output)")
      let verdicts = output.out.split(separator: "\n").filter { $0.hasPrefix("holds: ") || $0.hasPrefix("FAILS: ") }
      #expect(verdicts.count == 5, "\(output)")
      #expect(output.out.contains("a stage of 20000 tasks: ") && output.out.contains("a stage of 200 tasks: "))
      #expect(output.out.split(separator: "\n").filter { $0.contains(" min: a claim takes ") }.count == 9)
    }
  }
}
