import Glibc
import Testing

@testable import Runners

@Suite struct `A task that makes no progress` {
  private func call(_ handler: String, progress: Duration, number: Int = 1, granted: [String] = []) -> TaskCall {
    var call = Make.task(handler, #"{"ms":600000}"#, number: number, granted: granted)
    call.progressTimeout = progress
    return call
  }

  private func withPool(grace: Duration, recorder: Recorder, _ body: (RunnerPool) throws -> Void) throws {
    var configuration = try Make.configuration()
    configuration.grace = grace
    let pool = try RunnerPool(slots: 1, configuration: configuration, delegate: recorder)
    defer { pool.stop(grace: .seconds(1)) }
    try body(pool)
  }

  @Test func `is told to stop, and its runner stays when it does`() throws {
    let recorder = Recorder()
    try withPool(grace: .seconds(60), recorder: recorder) { pool in
      pool.submit([call("noop.sleep", progress: .milliseconds(100))], build: Make.build("Noop"))
      #expect(recorder.wait { $0.outcomes.count == 1 })
      let outcome = recorder.outcomes[0]
      #expect(outcome.kind == .timedOut && !outcome.endedRunner)
      #expect(outcome.message.hasSuffix("made no progress for 100 ms and stopped when told"))
    }
  }

  @Test func `is killed when it does not listen, and its slot works again`() throws {
    let recorder = Recorder()
    try withPool(grace: .milliseconds(200), recorder: recorder) { pool in
      pool.submit([call("broken.spin", progress: .milliseconds(100))], build: Make.build("Broken"))
      #expect(recorder.wait { $0.outcomes.count == 1 })
      let outcome = recorder.outcomes[0]
      #expect(outcome.kind == .timedOut && outcome.endedRunner)
      #expect(outcome.message.hasSuffix("made no progress for 100 ms and was killed"))
      // generous: the machine may be busy; `weir-bench once kill` has the figure
      #expect(outcome.wall >= .milliseconds(300) && outcome.wall < .seconds(10))
      pool.submit([Make.task("noop.run", number: 2)], build: Make.build("Noop"))
      #expect(recorder.wait { $0.outcomes.count == 2 })
      #expect(recorder.outcomes[1].kind == .completed)
    }
  }

  @Test func `waits for a service without blame`() throws {
    let recorder = Recorder()
    try withPool(grace: .milliseconds(100), recorder: recorder) { pool in
      pool.submit(
        [call("caller.read", progress: .milliseconds(150), granted: ["weir.storage/1"])],
        build: Make.build("Caller"))
      #expect(recorder.wait { !$0.calls.isEmpty })
      poll(nil, 0, 500)
      #expect(recorder.outcomes.isEmpty)
      recorder.takeCall()?.refuse("container \"bronze\" has no object \"a\"", status: 202)
      #expect(recorder.wait { $0.outcomes.count == 1 })
      #expect(recorder.outcomes[0].kind == .failed(status: 202))
    }
  }

  @Test func `is silent from its start, or from what it said last`() {
    let task = InFlight(call: call("noop.run", progress: .milliseconds(5)), number: 1)
    #expect(task.silentUntil == nil)
    task.startedAt = 1_000_000
    #expect(task.silentUntil == 6_000_000)
    task.heardAt = 3_000_000
    #expect(task.silentUntil == 8_000_000)
    #expect(InFlight(call: Make.task("noop.run"), number: 2).silentUntil == nil)
  }
}
