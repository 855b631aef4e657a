import Engine
import Testing
import Workflow

@Suite struct `Stages of a job` {
  let desk: Desk

  init() throws { desk = try Desk() }

  /// How a stage over ten items ends, of which `failed` tasks fail and `rejects` are rejected.
  @Test(arguments: [
    ("0", 0, 0, nil), ("0", 1, 0, "1 of 10 tasks failed, more than it tolerates (0)"),
    ("0", 0, 1, "1 reject, more than it tolerates (0)"), ("2", 1, 1, nil),
    ("2", 2, 1, "2 of 10 tasks failed and 1 reject, more than it tolerates (2)"), ("30%", 3, 0, nil), ("30%", 1, 2, nil),
    ("30%", 2, 2, "2 of 10 tasks failed and 2 rejects, more than it tolerates (30%)"), ("100%", 10, 0, nil),
    ("2.5%", 0, 1, "1 reject, more than it tolerates (2.5%)"),
  ])
  func `bear as many errors as they tolerate`(tolerate: String, failed: Int, rejects: Int, reason: String?) throws {
    let job = try desk.job(Sample.array(#", "tolerate": "\#(tolerate)""#), params: Sample.list(10))
    try desk.work { $0.n < failed ? $0.failed() : $0.done(rejects: $0.n == 9 ? rejects : 0) }
    let stage = try desk.stage(job, "a")
    #expect(stage.state == (reason == nil ? .completed : .failed))
    #expect(stage.reason == reason)
    let view = try desk.job(job)
    #expect(view.state == (reason != nil ? .failed : failed + rejects > 0 ? .completedWithErrors : .completed))
    #expect(view.error == reason.map { #"stage "a": \#($0)"# })
  }

  @Test func `a failed task of a batch loses all the items of its batch`() throws {
    let job = try desk.job(Sample.fan(batch: #", "batch": 4"#, more: #", "tolerate": "4""#))
    try desk.complete([try desk.claim()[0].done(items: (0..<10).map(String.init))])
    let plan = try #require(try desk.engine.stages.plan(try desk.stage(job, "b").key))
    #expect((0..<3).map { plan.items(of: $0) } == [0..<4, 4..<8, 8..<10])
    try desk.work { $0.n == 2 ? $0.done() : $0.n == 1 ? $0.failed(items: plan.itemCount(of: 1)) : $0.done() }
    let stage = try desk.stage(job, "b")
    #expect(stage.failedItems == 4 && stage.state == .completed)
    #expect(try desk.job(job).state == .completedWithErrors)
  }

  @Test func `a fan-out over nothing completes, and what needs it goes on`() throws {
    let stages = Sample.fan().dropLast(1) + #", {"id": "c", "handler": "test.c", "needs": ["b"]}]"#
    let job = try desk.job(String(stages))
    try desk.work()
    #expect(try desk.job(job).stages.map(\.state) == [.completed, .completed, .completed])
    #expect(try desk.stage(job, "b").counts.total == 0)
    #expect(try desk.job(job).state == .completed)
  }

  @Test(arguments: [
    (#"{"list": 5}"#, "it cannot be opened: for_each.array is not an array but 5"),
    (#"{"list": "a,b"}"#, #"it cannot be opened: for_each.array is not an array but "a,b""#),
    ("{}", "it cannot be opened: for_each.array is not an array but null"),
  ])
  func `a fan-out over what is no array fails with its reason`(params: String, reason: String) throws {
    let job = try desk.job(Sample.array(), params: params)
    #expect(try desk.stage(job, "a").reason == reason)
    #expect(try desk.job(job).state == .failed)
  }

  @Test(arguments: [("0", "0"), ("-1", "-1"), ("1.5", "1.5"), (#""ten""#, #""ten""#), ("null", "null")])
  func `a batch that is no whole number fails with its reason`(size: String, shown: String) throws {
    let job = try desk.job(Sample.fan(batch: #", "batch": "${params.size}""#), params: #"{"size": \#(size)}"#)
    try desk.work()
    #expect(try desk.stage(job, "b").reason == "it cannot be opened: for_each.batch is \(shown); it must be a whole number of at least 1")
    #expect(try desk.job(job).state == .failed)
  }

  @Test func `a batch is taken from an expression`() throws {
    let job = try desk.job(Sample.fan(batch: #", "batch": "${params.size}""#), params: #"{"size": 3}"#)
    try desk.complete([try desk.claim()[0].done(items: ["1", "2", "3", "4"])])
    #expect(try desk.stage(job, "b").counts.total == 2)
  }

  @Test func `a condition decides, and one that cannot be evaluated fails its stage`() throws {
    func state(_ when: String, _ params: String) throws -> (StageState, String?) {
      let job = try desk.job(#"[{"id": "a", "handler": "test.a", "when": \#(when)}]"#, params: params)
      let stage = try desk.stage(job, "a")
      return (stage.state, stage.reason)
    }
    #expect(try state(#"{"equals": ["${params.x}", 1]}"#, #"{"x": 1}"#) == (.running, nil))
    #expect(try state(#"{"equals": ["${params.x}", 1]}"#, #"{"x": 2}"#) == (.skipped, "its condition does not hold"))
    let wrong = try state(#"{"less": ["${params.x}", 1]}"#, #"{"x": "y"}"#)
    #expect(wrong.0 == .failed)
    #expect(wrong.1 == #"its condition cannot be evaluated: "less" needs two numbers, got the string "y"."#)
  }

  @Test func `what was skipped skips what needs it, unless that runs all the same`() throws {
    let job = try desk.job(
      #"""
      [{"id": "a", "handler": "test.a", "when": {"equals": [1, 2]}},
       {"id": "b", "handler": "test.b", "needs": ["a"]},
       {"id": "c", "handler": "test.c", "needs": ["b"], "if_skipped": "run"}]
      """#)
    try desk.work()
    let stages = try desk.job(job).stages
    #expect(stages.map(\.state) == [.skipped, .skipped, .completed])
    #expect(stages[1].reason == #"stage "a" was skipped"#)
    #expect(try desk.job(job).state == .completed)
  }

  @Test func `a failed stage skips what needs it, also what would run if skipped`() throws {
    let job = try desk.job(
      #"[{"id": "a", "handler": "test.a"}, {"id": "b", "handler": "test.b", "needs": ["a"], "if_skipped": "run"}]"#)
    try desk.work { $0.failed() }
    #expect(try desk.stage(job, "b").reason == #"stage "a" failed"#)
    #expect(try desk.job(job).state == .failed)
  }

  @Test func `later stages read results and totals, numbers as they were written`() throws {
    let job = try desk.job(
      #"""
      [{"id": "a", "handler": "test.a", "totals": {"bytes": "sum", "least": "min"}},
       {"id": "b", "handler": "test.b", "needs": ["a"],
        "params": {"r": "${stages.a.result.n}", "t": "${stages.a.totals}", "p": "${params.p}", "j": "${job.id} of ${job.workflow}"}}]
      """#, params: #"{"p": [0.10, 1e400, 12345678901234567890]}"#)
    let totals = [TotalDelta(kind: .total, name: "bytes", rule: .sum, value: "10.50")]
    try desk.complete([try desk.claim()[0].done(#"{"n": 0.10}"#, items: ["1"], totals: totals)])
    let plan = try #require(try desk.engine.stages.plan(try desk.stage(job, "b").key))
    let params = String(decoding: try plan.params(of: 0, elements: []), as: UTF8.self)
    #expect(
      params
        == #"{"r":0.10,"t":{"tasks":1,"items":1,"rejects":0,"bytes":10.50,"least":null},"#
        + #""p":[0.10,1e400,12345678901234567890],"j":"\#(job) of w"}"#
    )
    #expect(plan.taskID(0) == "\(job)/b/0")
  }

  @Test func `an item reaches its task as it was written`() throws {
    let job = try desk.job(Sample.array(), params: #"{"list": [{"v": 0.10}, "é\n", 1e400, [1, 2]]}"#)
    let key = try desk.stage(job, "a").key
    let plan = try #require(try desk.engine.stages.plan(key))
    let elements = try desk.engine.items.read(.element, of: key, in: 0..<4)
    let params = try (0..<4).map { String(decoding: try plan.params(of: $0, elements: elements[$0...]), as: UTF8.self) }
    #expect(params == [#"{"x":{"v":0.10}}"#, #"{"x":"é\n"}"#, #"{"x":1e400}"#, #"{"x":[1,2]}"#])
  }
}
