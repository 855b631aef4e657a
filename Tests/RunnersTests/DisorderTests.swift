import Glibc
import Runners
import Testing

/// Quick tasks, slow ones, crashes, cancellations and three builds on two slots, in an order that a seed gives.
@Suite struct `Disorder` {
  struct Sequence: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64]) func `brings each task back exactly once`(seed: UInt64) throws {
    let recorder = Recorder { call in
      call.refuse("not here", status: 200)
      return true
    }
    var configuration = try Make.configuration()
    configuration.grace = .milliseconds(50)
    configuration.tasksPerRunner = 40
    let pool = try RunnerPool(slots: 2, configuration: configuration, delegate: recorder)
    defer { pool.stop(grace: .seconds(1)) }
    var order = Sequence(state: seed)
    let handlers = [
      ("Noop", "noop.run", "{}"), ("Noop", "noop.echo", "[1]"), ("Noop", "noop.sleep", #"{"ms":3}"#),
      ("Broken", "broken.status", #"{"status":0}"#), ("Broken", "broken.segfault", "{}"), ("Broken", "broken.exit", "{}"),
      ("Broken", "broken.spin", "{}"), ("Caller", "caller.read", "{}"),
    ]
    let count = 600
    for number in 0..<count {
      // Most are quick, so that there is something in the sockets when a runner dies.
      let (library, handler, params) = handlers[Int.random(in: 0..<40, using: &order) % (number % 5 == 0 ? 8 : 4)]
      pool.submit(
        [Make.task(handler, params, number: number, timeout: .milliseconds(100), granted: ["weir.storage/1"])],
        build: Make.build(library))
      if number % 7 == 0 { pool.cancel(token: Int64(Int.random(in: 0...number, using: &order))) }
    }
    #expect(recorder.wait { $0.outcomes.count >= count })
    let tokens = recorder.outcomes.map(\.token).sorted()
    #expect(tokens == (0..<count).map { Int64($0) })
    #expect(recorder.outcomes.count { $0.kind == .completed } > count / 4)
    // What ends a runner is one of those that end runners.
    for outcome in recorder.outcomes where outcome.endedRunner {
      #expect(["segfault", "exit", "spin"].contains { outcome.message.contains($0) }, "\(outcome.message)")
    }
  }
}
