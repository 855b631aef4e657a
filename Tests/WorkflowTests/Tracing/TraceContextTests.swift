import Testing
import Workflow

@Suite struct `W3C trace context` {
  private static let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  @Test func `is read as it is written`() throws {
    let context = try #require(TraceContext(traceparent: Self.good))
    #expect(context.isSampled && context.parent == 0x00f0_67aa_0ba9_02b7)
    #expect(context.trace.text == "4bf92f3577b34da6a3ce929d0e0e4736")
    #expect(context.traceparent(of: 0x00f0_67aa_0ba9_02b7) == Self.good)
    #expect(TraceContext(traceparent: Self.good.dropLast(2) + "00")?.isSampled == false)
    // what a later version adds is not ours
    #expect(TraceContext(traceparent: "cc" + Self.good.dropFirst(2) + "-what-the-future-brings")?.isSampled == true)
  }

  @Test(arguments: [
    "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
    "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
    "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
    "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01", "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
  ]) func `that is none says nothing`(text: String) {
    #expect(TraceContext(traceparent: text) == nil)
  }

  @Test func `of a job follows from the job alone`() {
    let job = JobTrace(jobID: 7, createdAt: 1_772_323_200_000_000)
    #expect(job.context(ratio: 1) == job.context(ratio: 1) && job.context(ratio: 1).isSampled && !job.context(ratio: 0).isSampled)
    let given = JobTrace(jobID: 7, createdAt: 1, traceparent: Self.good).context(ratio: 0)
    #expect(given.trace.text == "4bf92f3577b34da6a3ce929d0e0e4736" && given.isSampled && given.parent == 0x00f0_67aa_0ba9_02b7)
    #expect(job.context(ratio: 1).trace != JobTrace(jobID: 7, createdAt: 1_772_323_200_000_001).context(ratio: 1).trace)
    #expect(job.context(ratio: 1).trace != JobTrace(jobID: 8, createdAt: 1_772_323_200_000_000).context(ratio: 1).trace)
  }

  @Test func `has another span for every job, stage and attempt`() {
    var (spans, traces): (Set<UInt64>, Set<TraceID>) = ([], [])
    var sampled = 0
    for job in Int64(1)...200 {
      let context = JobTrace(jobID: job, createdAt: 1_772_323_200_000_000).context(ratio: 0.25)
      traces.insert(context.trace)
      sampled += context.isSampled ? 1 : 0
      spans.insert(JobTrace.span(ofJob: context.trace))
      for stage in ["a", "b"] {
        spans.insert(JobTrace.span(ofStage: stage, context.trace))
        for n in 0..<10 { for attempt in 1...3 { spans.insert(JobTrace.span(ofStage: stage, n: n, attempt: attempt, context.trace)) } }
      }
    }
    #expect(traces.count == 200 && spans.count == 200 * (1 + 2 + 60))
    #expect((20...90).contains(sampled), "\(sampled) of 200 at a quarter")
  }
}
