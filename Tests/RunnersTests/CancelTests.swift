import Glibc
import Runners
import Testing

@Suite struct `Cancelling a task` {
  private func withPool(
    grace: Duration = .seconds(60), recorder: Recorder, _ body: (RunnerPool) throws -> Void
  ) throws {
    var configuration = try Make.configuration()
    configuration.grace = grace
    let pool = try RunnerPool(slots: 1, configuration: configuration, delegate: recorder)
    defer { pool.stop(grace: .seconds(1)) }
    try body(pool)
  }

  @Test func `ends one that listens, and its runner stays`() throws {
    let recorder = Recorder()
    try withPool(recorder: recorder) { pool in
      pool.submit([Make.task("noop.run", number: 1)], build: Make.build("Noop"))
      #expect(recorder.wait { $0.outcomes.count == 1 })
      pool.submit([Make.task("noop.sleep", #"{"ms":600000}"#, number: 2)], build: Make.build("Noop"))
      pool.cancel(token: 2)
      #expect(recorder.wait { $0.outcomes.count == 2 })
      let outcome = recorder.outcomes[1]
      #expect(outcome.kind == .cancelled)
      #expect(!outcome.endedRunner)
      #expect(outcome.message.hasPrefix("plugin \"noop\", handler \"noop.sleep\", task 7/main/2: was cancelled"))
      pool.submit([Make.task("noop.run", number: 3)], build: Make.build("Noop"))
      #expect(recorder.wait { $0.outcomes.count == 3 })
      #expect(recorder.outcomes[2].kind == .completed)
    }
  }

  @Test func `kills one that does not listen, within the grace period and not much later`() throws {
    let recorder = Recorder()
    try withPool(grace: .milliseconds(300), recorder: recorder) { pool in
      pool.submit([Make.task("broken.print", #"{"kb":1}"#, number: 1)], build: Make.build("Broken"))
      #expect(recorder.wait { $0.outcomes.count == 1 })
      pool.submit([Make.task("broken.spin", number: 2)], build: Make.build("Broken"))
      let asked = ContinuousClock.now
      pool.cancel(token: 2)
      #expect(recorder.wait { $0.outcomes.count == 2 })
      let took = ContinuousClock.now - asked
      #expect(recorder.outcomes[1].kind == .cancelled)
      // Generous: the machine may be busy.
      #expect(took < .seconds(10))
    }
  }

  @Test func `of one that waits behind another never starts it`() throws {
    let recorder = Recorder()
    try withPool(recorder: recorder) { pool in
      pool.submit(
        [
          Make.task("noop.sleep", #"{"ms":600000}"#, number: 1), Make.task("noop.sleep", #"{"ms":600000}"#, number: 2),
        ], build: Make.build("Noop"))
      pool.cancel(token: 2)
      #expect(recorder.wait { $0.outcomes.count == 1 })
      #expect(recorder.outcomes[0].token == 2)
      #expect(recorder.outcomes[0].message.hasSuffix("was cancelled before it started"))
      pool.cancel(token: 1)
      #expect(recorder.wait { $0.outcomes.count == 2 })
    }
  }

  @Test func `that is over does nothing`() throws {
    let recorder = Recorder()
    try withPool(recorder: recorder) { pool in
      pool.cancel(token: 4711)
      pool.submit([Make.task("noop.run", number: 1)], build: Make.build("Noop"))
      #expect(recorder.wait { $0.outcomes.count == 1 })
      #expect(recorder.outcomes[0].kind == .completed)
    }
  }

  @Test func `a deadline is told to the handler, which may stop in time`() throws {
    let outcome = try Make.outcome("noop.sleep", #"{"ms":600000}"#, timeout: .milliseconds(100)) { $0.grace = .seconds(60) }
    #expect(outcome.kind == .timedOut)
    #expect(!outcome.endedRunner)
    #expect(outcome.message.hasSuffix("exceeded its timeout of 100 ms and stopped when told"))
  }
}
