import Database
import Engine
import TestSupport
import Testing
import Workflow

@Suite struct `Submit, promote, cancel` {
  let desk: Desk

  init() throws { desk = try Desk() }

  private func refusal(_ params: String, workflow: String = "w") throws -> EngineError {
    do {
      _ = try desk.submit(params, workflow: workflow)
    } catch let error as EngineError {
      return error
    }
    throw EngineError(.noJob, subject: "nothing was refused")
  }

  @Test func `a wrong submission says everything that is wrong`() throws {
    try desk.put(
      Sample.one,
      parameters: #"""
        {"type": "object", "required": ["from"], "additionalProperties": false,
         "properties": {"from": {"type": "string"}, "size": {"type": "integer", "minimum": 1}}}
        """#)
    let error = try refusal(#"{"size": 0, "form": 1}"#)
    #expect(error.message == #"the parameters of "w" are not valid: 3 problems"#)
    #expect(error.hint?.split(separator: "\n").count == 3)
    #expect(try refusal("[1]").message == #"the parameters of "w" are not a JSON object: line 1, column 1: expected an object, such as {}"#)
    #expect(try refusal("{").message.hasPrefix(#"the parameters of "w" are not a JSON object: line 1, column 2"#))
    #expect(try desk.number("SELECT count(*) FROM jobs") == 0)
  }

  @Test func `an unknown workflow or handler is named with what there is`() throws {
    try desk.put(Sample.one)
    try desk.put(#"[{"id": "a", "handler": "test.nobody"}]"#, name: "lost")
    let workflow = try refusal("{}", workflow: "v")
    #expect(workflow.message == #"there is no workflow "v""# && workflow.hint == "There are lost, w.")
    let handler = try refusal("{}", workflow: "lost")
    #expect(handler.message == #"workflow "lost", stage "a": no plugin has a handler "test.nobody""#)
    #expect(handler.hint == "There are test.a, test.b, test.c.")
  }

  @Test func `what PostgreSQL cannot hold is refused with its place`() throws {
    try desk.put(Sample.one)
    let error = try refusal(#"{"x": "a\u0000b"}"#)
    #expect(error.message.hasPrefix(#"the parameters of "w" are not a JSON object: line 1, column "#))
    let key = String(repeating: "k", count: 201)
    #expect(throws: EngineError.self) { try desk.submit(dedupKey: key) }
  }

  @Test func `parameters keep their text, and what is not given takes its default`() throws {
    try desk.put(
      Sample.one,
      parameters: #"{"type": "object", "properties": {"a": {"default": 0.10}, "b": {"type": "boolean", "default": false}, "c": {}}}"#)
    let given = try desk.submit(#"{"c": [0.10, 1e400, 12345678901234567890], "b": true}"#)
    #expect(try desk.job(given).params.text == #"{"c":[0.10,1e400,12345678901234567890],"b":true,"a":0.10}"#)
    #expect(try desk.job(try desk.submit("{}")).params.text == #"{"a":0.10,"b":false}"#)
  }

  @Test func `a job keeps the version it started with`() throws {
    let job = try desk.job(Sample.chain)
    try desk.put(Sample.one)
    #expect(try desk.job(job).workflowVersion == 1)
    try desk.work()
    #expect(try desk.job(job).stages.count == 3 && desk.job(job).state == .completed)
    #expect(try desk.job(try desk.submit()).workflowVersion == 2)
  }

  @Test func `submissions with one dedup_key at the same time give one job`() async throws {
    try desk.put(Sample.one)
    let found = try await withThrowingTaskGroup(of: Submitted.self) { group in
      for _ in 0..<12 {
        group.addTask { [desk] in
          try await onOwnThread {
            try desk.engine.jobs.submit(Submission(workflow: "w", params: Array("{}".utf8), dedupKey: "k"), by: .system)
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(found.map(\.jobID)).count == 1)
    #expect(found.count { $0.isNew } == 1)
    #expect(try desk.number("SELECT count(*) FROM stages") == 1)
  }

  @Test func `a known dedup_key answers its job whatever else was sent`() throws {
    try desk.put(Sample.one, parameters: #"{"type": "object", "required": ["x"]}"#)
    let job = try desk.submit(#"{"x": 1}"#, dedupKey: "k")
    try desk.work()
    #expect(try desk.submit("{}", dedupKey: "k") == job)
  }

  @Test func `a job that is to run later waits until it is promoted`() throws {
    try desk.put(Sample.one)
    let later = Submission(workflow: "w", params: Array("{}".utf8), notBefore: 4_102_444_800)
    let job = try desk.engine.jobs.submit(later, by: .system).jobID
    #expect(try desk.job(job).state == .queued && desk.job(job).startedAt == nil)
    #expect(try desk.engine.jobs.promote() == 0 && desk.claim().isEmpty)
    try desk.execute("UPDATE jobs SET not_before = now()")
    #expect(try desk.engine.jobs.promote() == 1)
    try desk.work()
    #expect(try desk.job(job).state == .completed)
    let past = try desk.engine.jobs.submit(Submission(workflow: "w", params: Array("{}".utf8), notBefore: 0), by: .system).jobID
    #expect(try desk.job(past).state == .running)
  }

  @Test func `cancelling a job that waits ends it at once`() throws {
    try desk.put(Sample.chain)
    let job = try desk.engine.jobs.submit(Submission(workflow: "w", params: Array("{}".utf8), notBefore: 4_102_444_800), by: .system).jobID
    try desk.engine.control.cancel(job, by: .system)
    #expect(try desk.job(job).state == .cancelled)
    #expect(try desk.job(job).stages.allSatisfy { $0.state == .cancelled })
  }

  @Test func `cancelling empties the queue, and the job ends with its last running task`() throws {
    try desk.put(Sample.array().dropLast(1) + #", {"id": "z", "handler": "test.b", "needs": ["a"]}]"#)
    let job = try desk.submit(Sample.list(12_000))
    let running = try desk.claim(3)
    try desk.engine.control.cancel(job, by: .system)
    try desk.engine.control.cancel(job, by: .system)
    #expect(try desk.number("SELECT count(*) FROM ready") == 0 && desk.claim().isEmpty)
    #expect(Set(try desk.engine.jobs.cancelling(host: desk.host).map(\.token)) == Set(running.map(\.token)))
    try desk.complete([running[0].done(), running[1].again()])
    #expect(try desk.job(job).state == .running && desk.claim().isEmpty)
    #expect(try desk.complete([running[2].cancelled()]).endedJobs == [job])
    let stage = try desk.stage(job, "a")
    #expect(stage.state == .cancelled && stage.counts.completed == 1 && stage.counts.cancelled == 11_999)
    #expect(try desk.job(job).state == .cancelled && desk.stage(job, "z").state == .cancelled)
    #expect(try desk.engine.jobs.cancelling(host: desk.host).isEmpty)
  }

  @Test func `a job that has ended cannot be cancelled, a cancelled one can again`() throws {
    let job = try desk.job(Sample.one)
    try desk.work()
    #expect { try desk.engine.control.cancel(job, by: .system) } throws: {
      ($0 as? EngineError)?.message == "job \(job) has ended already: completed"
    }
    let other = try desk.submit()
    try desk.engine.control.cancel(other, by: .system)
    try desk.engine.control.cancel(other, by: .system)
    #expect(throws: EngineError.self) { try desk.engine.control.cancel(999, by: .system) }
  }

  /// A cancel that commits while a completion waits for its lock: the completion's statement began before it.
  @Test(arguments: [true, false]) func `a cancel that a completion could not see counts all the same`(isLast: Bool) async throws {
    let job = try desk.job(Sample.array(), params: Sample.list(3))
    let task = try desk.claim(1)[0]
    let key = try desk.stage(job, "a").key
    let meeting = Meeting(of: 2)
    async let cancel: Void = onOwnThread { [desk] in
      try desk.own.database.transaction { tx in
        _ = try tx.query("SELECT 1 FROM jobs WHERE id = \(job) FOR UPDATE")
        try tx.execute("UPDATE stage_counters SET queued = 0, cancelled = 2 WHERE stage_id = \(key)")
        try tx.execute("DELETE FROM ready WHERE stage_id = \(key)")
        meeting.wait()
        try until { try desk.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0 }
        try tx.execute("UPDATE jobs SET cancel_requested_at = now() WHERE id = \(job)")
      }
    }
    async let completion: Void = onOwnThread { [desk] in
      meeting.wait()
      try desk.complete([isLast ? task.done() : task.again()])
    }
    _ = try await (cancel, completion)
    #expect(try desk.job(job).state == .cancelled)
    #expect(try desk.number("SELECT count(*) FROM ready") == 0)
  }
}
