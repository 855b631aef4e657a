import Testing
import Workflow

@Suite struct `A rerun's plan` {
  /// `a` and `x` begin; `b` needs `a`, `c` needs `b`, `y` needs `x`, and `z` needs both branches.
  private static let workflow = WorkflowDefinition(
    name: "w",
    stages: [("a", []), ("b", ["a"]), ("c", ["b"]), ("x", []), ("y", ["x"]), ("z", ["c", "y"])].map {
      StageDefinition(id: $0.0, handler: "test.a", needs: $0.1)
    })

  private static func reused(from stage: String?, _ ended: [String: StageState]) throws -> Set<String> {
    try RerunPlan.reused(of: workflow, from: stage, ended: ended)
  }

  @Test func `takes over what is before, and other branches as far as they completed`() throws {
    let all = Dictionary(uniqueKeysWithValues: Self.workflow.stages.map { ($0.id, StageState.completed) })
    #expect(try Self.reused(from: "b", all) == ["a", "x", "y"])
    #expect(try Self.reused(from: "b", all.merging(["x": .failed, "y": .skipped]) { $1 }) == ["a"])
    #expect(try Self.reused(from: "b", all.merging(["y": .cancelled]) { $1 }) == ["a", "x"])
    #expect(try Self.reused(from: "a", all) == ["x", "y"])
    #expect(try Self.reused(from: nil, all) == [])
  }

  @Test func `refuses a beginning whose needs did not end well`() {
    #expect(throws: RerunPlan.Refusal.notEnded(stage: "a", state: .failed)) { try Self.reused(from: "c", ["a": .failed, "b": .skipped]) }
    #expect(throws: RerunPlan.Refusal.notEnded(stage: "x", state: nil)) { try Self.reused(from: "y", [:]) }
    #expect(throws: RerunPlan.Refusal.noStage(known: ["a", "b", "c", "x", "y", "z"])) { try Self.reused(from: "q", [:]) }
  }
}
