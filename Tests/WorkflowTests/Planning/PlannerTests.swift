import Testing
import Workflow

@Suite struct `Planner.next` {
  private func stage(
    _ id: String, _ state: StageState = .waiting, needs: [String] = [], ifSkipped: Bool = false, hasErrors: Bool = false
  ) -> Planner.Stage {
    Planner.Stage(id: id, needs: needs, opensIfSkipped: ifSkipped, state: state, hasErrors: hasErrors)
  }

  private struct Fault: Error, CustomStringConvertible {
    var description: String { "it is broken" }
  }

  private func next(_ stages: [Planner.Stage], isCancelled: Bool = false, holds: (String) throws -> Bool = { _ in true }) -> [Planner
    .Action]
  {
    Planner.next(stages, isCancelled: isCancelled, holds: holds)
  }

  @Test func `opens what needs nothing, and what has all it needs`() {
    #expect(next([stage("a"), stage("b"), stage("c", needs: ["a"])]) == [.open("a"), .open("b")])
    #expect(next([stage("a", .completed), stage("b", .running), stage("c", needs: ["a", "b"]), stage("d", needs: ["a"])]) == [.open("d")])
    #expect(next([stage("a", .running), stage("b", needs: ["a"])]).isEmpty)
  }

  @Test func `a skip goes through all that needs it`() {
    let stages = [stage("c", needs: ["b"]), stage("b", needs: ["a"]), stage("a")]
    #expect(
      next(stages, holds: { $0 != "a" }) == [
        .skip("a", reason: "its condition does not hold"), .skip("b", reason: "stage \"a\" was skipped"),
        .skip("c", reason: "stage \"b\" was skipped"), .finish(.completed),
      ])
  }

  @Test func `what runs if skipped opens after a skip, and never after a failure`() {
    #expect(next([stage("a", .skipped), stage("b", needs: ["a"], ifSkipped: true)]) == [.open("b")])
    #expect(
      next([stage("a", .failed), stage("b", needs: ["a"], ifSkipped: true)]) == [
        .skip("b", reason: "stage \"a\" failed"), .finish(.failed),
      ])
    #expect(
      next([stage("a", .skipped), stage("b", .failed), stage("c", needs: ["a", "b"], ifSkipped: true)]).first
        == .skip("c", reason: "stage \"b\" failed"))
  }

  @Test func `a condition is asked once all that its stage needs has ended, and its fault fails the stage`() {
    let waiting = [stage("a", .running), stage("b", needs: ["a"])]
    #expect(next(waiting, holds: { _ in throw Fault() }).isEmpty)
    #expect(
      next(
        [stage("a", .completed), stage("b", needs: ["a"]), stage("c", needs: ["b"])],
        holds: { id in
          if id == "b" { throw Fault() }
          return true
        }) == [
          .fail("b", reason: "its condition cannot be evaluated: it is broken"), .skip("c", reason: "stage \"b\" failed"),
          .finish(.failed),
        ])
  }

  @Test func `a cancelled job cancels what waits and lets end what runs`() {
    let stages = [stage("a", .running), stage("b", needs: ["a"]), stage("c")]
    #expect(next(stages, isCancelled: true) == [.cancel("b"), .cancel("c")])
    #expect(next([stage("a", .cancelled), stage("b", .cancelled)], isCancelled: true) == [.finish(.cancelled)])
  }

  @Test(
    arguments: [
      ([.completed, .completed], false, JobState.completed), ([.completed, .skipped], false, .completed),
      ([.skipped], false, .completed), ([.completed], true, .completedWithErrors), ([.completed, .failed], true, .failed),
      ([.failed, .cancelled], true, .cancelled),
    ] as [([StageState], Bool, JobState)])
  func `a job ends as its stages did`(states: [StageState], hasErrors: Bool, end: JobState) {
    let stages = states.enumerated().map { stage("\($0)", $1, hasErrors: hasErrors) }
    #expect(next(stages) == [.finish(end)])
  }
}
