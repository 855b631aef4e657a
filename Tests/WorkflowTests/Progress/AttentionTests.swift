import Testing
import Workflow

@Suite struct `What needs attention` {
  private func stage(
    running: Int = 1, ended: Int = 0, failed: Int = 0, waiting: WaitingReason? = nil, minutes: Int = 60, quiet: Int? = 0
  ) -> StageSituation {
    StageSituation(
      job: 7, workflow: "w", stage: "s", handler: "a.b", running: running, ended: ended, failed: failed, waitingReason: waiting,
      elapsed: .seconds(60 * minutes), quiet: quiet.map { .seconds(60 * $0) })
  }

  private func kinds(_ stage: StageSituation) -> [String] { Attention.found(in: stage).map(\.kind.rawValue) }

  @Test func `a tenth of twenty tasks that failed is much, of nineteen nothing yet`() {
    #expect(kinds(stage(ended: 20, failed: 2)) == ["failure_share"])
    #expect(kinds(stage(ended: 19, failed: 19)).isEmpty)
    #expect(kinds(stage(ended: 100, failed: 9)).isEmpty)
  }

  @Test func `a stage is stuck when it is quiet for much longer than its tasks take`() {
    #expect(kinds(stage(ended: 50, quiet: 12)) == ["job_stuck"])
    #expect(kinds(stage(ended: 50, quiet: 9)).isEmpty)
    #expect(kinds(stage(ended: 2, minutes: 60, quiet: 20)).isEmpty)
    #expect(kinds(stage(quiet: 29)).isEmpty)
    #expect(kinds(stage(quiet: 31)) == ["job_stuck"])
    #expect(kinds(stage(quiet: nil)).isEmpty)
  }

  @Test func `what waits for a reason that somebody chose is not stuck`() {
    #expect(kinds(stage(running: 0, waiting: .stagePaused(by: "me", why: nil), quiet: 50)).isEmpty)
    #expect(kinds(stage(running: 0, waiting: .noRunner, quiet: 50)) == ["job_stuck"])
  }

  @Test func `a handler that no host offers is told after a minute`() {
    #expect(kinds(stage(running: 0, waiting: .noHost(handler: "a.b"), minutes: 2)) == ["no_host"])
    #expect(kinds(stage(running: 0, waiting: .noHost(handler: "a.b"), minutes: 0)).isEmpty)
  }
}
